/** The answer of an action, without the request id. */
export interface ActionAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An error answer as the service words it. */
export function errorAnswer(status: number, code: string, message: string): ActionAnswer {
  return { status, body: { HostId: "127.0.0.1", Code: code, Message: message } };
}
