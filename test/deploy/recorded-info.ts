import { RECORDED } from "./deploy-project.ts";

export type FunctionInfo = Record<string, unknown> & { triggers: TriggerInfo[] };

export interface TriggerInfo {
  readonly triggerName: string;
  readonly triggerConfig: Record<string, unknown>;
}

export interface Info {
  "flowlog-guard-check": FunctionInfo;
  "flowlog-guard-audit": FunctionInfo;
}

/** The recorded output, after a change. */
export function info(change: (info: Info) => unknown): string {
  const recorded = JSON.parse(RECORDED) as Info;
  change(recorded);
  return JSON.stringify(recorded, null, 2);
}

/** The check function alone, which the real program prints without its key. */
export function only(key: keyof Info, change: (found: FunctionInfo) => unknown = () => {}): string {
  const { [key]: found } = JSON.parse(RECORDED) as Info;
  change(found);
  return JSON.stringify(found, null, 2);
}

/** What the real `s KEY info --output-format=json` printed, but for the code and its message. */
export function failureOf(key: string, code: string, status: number): string {
  return `
✖ [${key}] failed to [info]:
====================
Error Message:
${code}: code: ${status}, said of '${key}' request id: rid

A complete log of this run can be found in: /home/somebody/.s/logs/1128011121
`;
}

/** The output where neither function exists. */
export const ABSENT = Object.fromEntries(
  ["flowlog-guard-check", "flowlog-guard-audit"].map((key) => [
    key,
    failureOf(key, "FunctionNotFound", 404),
  ]),
);
