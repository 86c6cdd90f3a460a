import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";

import { expect, test } from "vitest";

import { REPOSITORY } from "../../harness/documents.ts";
import { followGuide } from "./follow-guide.ts";
import { problemsOf } from "./problems-of.ts";

test("what `npm run emulator` prints can be run as it is", async () => {
  const main = join(REPOSITORY, "test/emulator/main.ts");
  const emulator = spawn(process.execPath, ["--import", "tsx", main], { cwd: REPOSITORY });
  try {
    const [printed] = await once(emulator.stdout.setEncoding("utf8"), "data");
    const guide = {
      env: { NO_PROXY: "*" },
      exitCodes: {
        audit: 1,
        "audit --rules all": 1,
        "audit --output report.html --output report.csv": 1,
        enable: 2,
        "audit --accounts prod-*": 1,
      },
    };
    const followed = await followGuide(`\`\`\`sh\n${printed}\`\`\`\n`, guide);
    expect(problemsOf(followed, guide)).toEqual([]);
    const calls = followed.statements.flatMap((ran) => ran.calls);
    expect(calls.length).toBeGreaterThan(7);
  } finally {
    emulator.kill("SIGTERM");
    await once(emulator, "exit");
  }
}, 120_000);
