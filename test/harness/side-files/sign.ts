/** What fc2 signs, and what happens when it is to send a request itself. */
export async function signThere() {
  const { default: Client } = await import("@alicloud/fc2");
  const config = { accessKeyID: "key", accessKeySecret: "secret", region: "cn-a", secure: true };
  const client = new Client("1234567890123456", config);
  const headers = { "content-md5": "bQ==", date: "Sat, 28 Nov 2026 12:00:00 GMT", "x-fc-a": "b" };
  const problem = await post(client).then(
    () => null,
    (error: unknown) => String(error),
  );
  return {
    endpoint: client.endpoint,
    signature: Client.getSignature("key", "secret", "POST", "/functions/f/invocations", headers),
    problem,
  };
}

/** Ours are the types of what makes and signs requests only. */
async function post(client: object): Promise<unknown> {
  return "post" in client && typeof client.post === "function"
    ? client.post("/functions/f/invocations", "{}")
    : null;
}
