import { expect, test } from "vitest";

import { createMask } from "../../../deploy/secrets/mask.ts";
import { secretsOf } from "../../../deploy/secrets/secrets.ts";
import { run } from "../../../deploy/tool/shell.ts";

/** Prints the value of a name on one stream, and another line on the other stream before it. */
const PROGRAM = `
const print = (stream, text) => new Promise((resolve) => setTimeout(resolve, 50, process[stream].write(text)));
(async () => {
  await print("stdout", "FLOWLOG_GUARD_WEBHOOK_URL: |\\n");
  await print("stderr", "busy\\n");
  await print("stdout", "  https://alerts.example.com/old-path-22ff\\n");
})();
`;

test("a secret is hidden below its name, also when the other stream has a line between them", async () => {
  const lines: string[] = [];
  const exitCode = await run(process.execPath, ["-e", PROGRAM], {
    cwd: "/",
    env: {},
    onLine: (line) => lines.push(line),
    createMask: () => createMask(secretsOf({}, null, null)),
  });
  expect(exitCode).toBe(0);
  expect(lines.toSorted()).toEqual(["FLOWLOG_GUARD_WEBHOOK_URL: ***", "busy"]);
});
