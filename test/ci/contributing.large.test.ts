import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Report } from "../../shared/audit/report.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { REPOSITORY } from "../harness/documents.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { runNode } from "../harness/run-process.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";

const GUIDE = readFileSync(join(REPOSITORY, "CONTRIBUTING.md"), "utf8");

/** The fenced blocks of a language, which the steps of a list indent. */
function indentedBlocks(language: string): string[] {
  const fence = new RegExp(`^ {3}\`\`\`${language}\\n(.*?)^ {3}\`\`\``, "gms");
  return [...GUIDE.matchAll(fence)].map(([, text]) => String(text).replaceAll(/^ {3}/gm, ""));
}

/** Makes a change that the guide shows as a difference, where the file has the lines once. */
function applyDiff(folder: string, diff: string): void {
  const [head = "", ...lines] = diff.trimEnd().split("\n");
  const path = join(folder, head.replace("--- ", ""));
  const side = (other: string): string =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const parts = readFileSync(path, "utf8").split(side("+"));
  if (parts.length !== 2) throw new Error(`${head} has the lines ${parts.length - 1} times`);
  writeFileSync(path, parts.join(side("-")));
}

describe("the walk-through of CONTRIBUTING.md", { timeout: 240_000 }, () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "flowlog-guard-contribution-"));
    for (const name of [
      "functions",
      "shared",
      "scripts",
      "LICENSE",
      "package.json",
      "tsconfig.json",
    ]) {
      cpSync(join(REPOSITORY, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
    const files = indentedBlocks("ts");
    for (const file of files) {
      const [, path = ""] = /^\/\/ (shared\/\S+)\n/.exec(file) ?? [];
      writeFileSync(join(copy, path), file);
    }
    const diffs = indentedBlocks("diff");
    for (const diff of diffs) applyDiff(copy, diff);
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  /** Runs something of the copy with Node. */
  async function run(path: string, args: readonly string[], env: Record<string, string> = {}) {
    return runNode([join(copy, path), ...args], { cwd: copy, env: cliEnv(env) });
  }

  test("compiles", async () => {
    expect([indentedBlocks("ts").length, indentedBlocks("diff").length]).toEqual([2, 5]);
    const config = { extends: "./tsconfig.json", include: ["functions", "shared"] };
    writeFileSync(join(copy, "tsconfig.copy.json"), JSON.stringify(config));
    const { stdout, exitCode } = await run("node_modules/typescript/bin/tsc", [
      ...["-p", "tsconfig.copy.json"],
    ]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
  });

  test("gives a rule that audits and a receiver that is alerted", async () => {
    const built = await run("node_modules/tsx/dist/cli.mjs", ["scripts/build.ts"]);
    expect(built).toMatchObject({ exitCode: 0 });

    const flowLog = { flowLogId: "fl-1", resourceType: "VPC", resourceId: "vpc-1" } as const;
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: true, flowLogs: [flowLog] },
        "cn-b": { activated: true },
        "cn-c": { activated: true, faults: { DescribeFlowLogs: { kind: "denied" } } },
      },
    });
    const ask = ["--rules", "region-has-flow-log", "--format", "json"];
    const audited = await run("dist/cli/index.js", ["audit", ...ask], emulatorEnv(emulator));
    const { findings } = JSON.parse(audited.stdout) as Report;
    expect(findings.map(({ regionId, reason }) => [regionId, reason.code])).toEqual([
      ["cn-a", "FLOW_LOG_FOUND"],
      ["cn-b", "NO_FLOW_LOG"],
      ["cn-c", "ACCESS_DENIED"],
    ]);

    const preview = await run("dist/cli/index.js", ["alert", "preview", "--type", "mattermost"]);
    expect(preview).toMatchObject({ exitCode: 0 });

    await using catcher = await startWebhookCatcher([{ status: 200, body: "ok" }, { status: 200 }]);
    const file = join(copy, "guard.json");
    const receivers = [{ type: "mattermost", url: catcher.url }];
    writeFileSync(file, JSON.stringify({ alerts: { receivers } }));
    const send = ["alert", "test", "--config", file];
    expect(await run("dist/cli/index.js", send)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(String(catcher.messages[0]?.body)).text).toMatch(/^\*\*.+\*\*/);
    // A success of HTTP alone confirms nothing.
    expect(await run("dist/cli/index.js", send)).toMatchObject({ exitCode: 3 });
  });
});
