import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Status } from "../../shared/audit/finding.ts";
import { sarif } from "../../shared/report/sarif.ts";
import { DEFAULT_RULES } from "../../shared/rules/rules.ts";
import { reportWith } from "../harness/report-with.ts";

const GUIDE = readFileSync(new URL("../../docs/code-scanning.md", import.meta.url), "utf8");
const [, SCRIPT = ""] = /^```sh\n(.*?)^```/ms.exec(GUIDE) ?? [];

const hasJq = isThere("jq");

function isThere(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The results that the guide's commands let through; null where they stop. */
async function uploaded(statuses: readonly Status[]): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "code-scanning-"));
  try {
    const report = await sarif.render(reportWith(statuses), { color: false, cards: DEFAULT_RULES });
    writeFileSync(join(folder, "report.sarif"), report);
    const commands = SCRIPT.split("\n").filter((line) => line.startsWith("jq "));
    expect(commands).toHaveLength(2);
    execFileSync("sh", ["-e", "-c", commands.join("\n")], { cwd: folder, stdio: "ignore" });
    const { runs } = JSON.parse(readFileSync(join(folder, "failures.sarif"), "utf8")) as {
      readonly runs: readonly { readonly results: readonly { readonly properties: unknown }[] }[];
    };
    return runs[0]?.results.map(({ properties }) => properties);
  } catch (error) {
    if (error instanceof Error && "status" in error) return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const why = hasJq ? "" : " (skipped: needs jq)";

test.skipIf(!hasJq)(`the guide uploads failures alone${why}`, async () => {
  const statuses = ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "IGNORED"] as const;
  expect(await uploaded(statuses)).toMatchObject([{ status: "NON_COMPLIANT" }]);
});

test.skipIf(!hasJq)(
  `the guide uploads nothing of an audit that is not complete${why}`,
  async () => {
    expect(await uploaded(["NON_COMPLIANT", "INSUFFICIENT_DATA"])).toBeNull();
  },
);
