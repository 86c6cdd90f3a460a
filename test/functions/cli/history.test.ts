import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { keptFiles, runAt, writeFiles } from "../../harness/evidence-runs.ts";
import { reportWith } from "../../harness/report-with.ts";
import { runCli } from "../../harness/run-cli.ts";
import { runMainOnTerminal, runMainWithClock } from "../../harness/run-main.ts";

const NOW = new Date("2026-11-25T12:00:00.000Z");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "history-test-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Four days, of which one has no run; on the last, one region is not compliant and one unreadable. */
const RUNS: readonly Report[] = [
  runAt(reportWith(["COMPLIANT", "COMPLIANT"]), "2026-11-21T08:00:00.000Z"),
  runAt(reportWith(["COMPLIANT", "COMPLIANT"]), "2026-11-22T08:00:00.000Z"),
  runAt(reportWith(["NON_COMPLIANT", "INSUFFICIENT_DATA"]), "2026-11-24T08:00:00.000Z"),
];

/** Keeps files in a folder of their own, and gives the environment that names it. */
async function keep(name: string, files: ReadonlyMap<string, string>) {
  await writeFiles(join(folder, name), files);
  return { FLOWLOG_GUARD_EVIDENCE: `file:${join(folder, name)}/` };
}

function history(env: Readonly<Record<string, string>>, ...flags: string[]) {
  return runMainWithClock(() => NOW, ["history", ...flags], env);
}

describe("history", () => {
  test("--language zh prints the table in Chinese, with times of Beijing", async () => {
    const env = await keep("chinese", keptFiles(RUNS));
    const flags = ["--since", "2026-11-20", "--until", "2026-11-24", "--language", "zh"];
    const { stdout, stderr } = await history(env, ...flags);
    expect(stderr).toBe("");
    expect(stdout).toBe(`flow-log-service-activated
合规是指：VPC 流日志功能已开通。这是 CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件，并不充分。不能证明已创建流日志或流量已被记录。
账号 1234567890123456：共 5 天，完整覆盖 2 天，合规 2 天。
状态                地域    起始（北京时间）   天数   首次（UTC）   末次（UTC）
✖ 不合规            cn-r0   2026-11-24 16:00   3/5    2026-11-21    2026-11-24
? 无法读取 (合规)   cn-r1   2026-11-24 16:00   2/5    2026-11-21    2026-11-22

变化（北京时间）
2026-11-22 16:00 至 2026-11-24 16:00   合规变为不合规   cn-r0

无观测的日期（UTC）
2026-11-20（1 天）：无检查：全部
2026-11-23（1 天）：无检查：全部
2026-11-24（1 天）：无法读取：cn-r1

${env.FLOWLOG_GUARD_EVIDENCE} 中 2026-11-20 至 2026-11-24（UTC）共 3 次检查：首次 2026-11-21 16:00，末次 2026-11-24 16:00（北京时间）。
状态仅在各次检查的时间点被观测到；两次检查之间的情况未知。日期按 UTC 划分；时刻为北京时间，其日期可能比 UTC 晚一天。
`);
  });

  test("--language is an error with a format for programs", async () => {
    const result = await history({}, "--format", "csv", "--language", "zh");
    expect(result).toMatchObject({ exitCode: 3, stdout: "" });
    expect(result.stderr).toContain("--language: a history in the format csv is the same");
  });

  test("is ASCII in the locale C", async () => {
    const env = await keep("plain", keptFiles(RUNS));
    const { stdout } = await history({ ...env, LC_ALL: "C" }, "--since", "2026-11-20");
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
    expect(stdout).toMatch(/^x {2}NON_COMPLIANT /m);
  });

  test("prints what the runs say, from the built command line", async () => {
    const env = await keep("whole", keptFiles(RUNS));
    const { exitCode, stdout, stderr } = await runCli(
      ["history", "--since", "2026-11-20", "--until", "2026-11-24"],
      env,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(`flow-log-service-activated
COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded.
Account 1234567890123456: 2 of 5 days covered in full, 2 compliant.
STATUS                            REGION   SINCE               DAYS   FIRST        LAST
✖ NON_COMPLIANT                   cn-r0    2026-11-24T08:00Z   3/5    2026-11-21   2026-11-24
? INSUFFICIENT_DATA (COMPLIANT)   cn-r1    2026-11-24T08:00Z   2/5    2026-11-21   2026-11-22

Changes
2026-11-22T08:00Z to 2026-11-24T08:00Z   COMPLIANT to NON_COMPLIANT   cn-r0

Days without an observation
2026-11-20 (1 day): no run: everything
2026-11-23 (1 day): no run: everything
2026-11-24 (1 day): could not be read: cn-r1

3 runs of ${env.FLOWLOG_GUARD_EVIDENCE} from 2026-11-20 to 2026-11-24, days in UTC: the first 2026-11-21T08:00Z, the last 2026-11-24T08:00Z.
A status was observed at these runs; nothing is known of the time between two of them.
`);
  });

  test("fits a narrow terminal", async () => {
    const env = await keep("narrow", keptFiles(RUNS));
    const { stdout } = await runMainOnTerminal(60, ["history", "--until", "2026-11-24"], env);
    const block = stdout.slice(stdout.indexOf("✖"), stdout.indexOf("?"));
    expect(block).toBe(`✖ NON_COMPLIANT
  region cn-r0
  since 2026-11-24T08:00Z
  days 3/4
  first 2026-11-21
  last 2026-11-24
`);
  });

  test("is a document for programs", async () => {
    const env = await keep("json", keptFiles(RUNS));
    const { exitCode, stdout } = await history(env, "--format", "json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      madeAt: "2026-11-25T12:00:00.000Z",
      window: { from: null, to: "2026-11-25" },
      runs: { used: 3, first: RUNS[0]?.startedAt, last: RUNS[2]?.startedAt, unusable: [] },
      controls: [
        {
          control: { id: "2.5", relation: "precondition" },
          accounts: [
            {
              days: { total: 4, covered: 2, compliant: 2 },
              calendar: [
                { from: "2026-11-21", to: "2026-11-22", status: "COMPLIANT" },
                { from: "2026-11-23", to: "2026-11-23", status: "NO_RUN" },
                { from: "2026-11-24", to: "2026-11-24", status: "NON_COMPLIANT" },
              ],
            },
          ],
        },
        { control: { id: "3.3" } },
      ],
      subjects: [
        {
          regionId: "cn-r0",
          resource: null,
          status: "NON_COMPLIANT",
          since: "2026-11-24T08:00:00.000Z",
          days: { total: 4, covered: 3, compliant: 2 },
          gaps: [{ from: "2026-11-23", to: "2026-11-23", reason: "NO_RUN", days: 1 }],
        },
        { regionId: "cn-r1", status: "INSUFFICIENT_DATA", lastKnown: "COMPLIANT" },
      ],
    });
  });

  test("is a table for Excel, one row for each control and subject", async () => {
    const env = await keep("csv", keptFiles(RUNS));
    const { stdout } = await history(env, "--format", "csv");
    expect(stdout.startsWith("\ufeffframework,")).toBe(true);
    expect(stdout.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    const { data: rows, errors } = Papa.parse<Record<string, string>>(stdout.slice(1), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    expect(rows.map((row) => [row["control"], row["region"], row["status"]])).toEqual([
      ["2.5", "cn-r0", "NON_COMPLIANT"],
      ["2.5", "cn-r1", "INSUFFICIENT_DATA"],
      ["3.3", "cn-r0", "NON_COMPLIANT"],
      ["3.3", "cn-r1", "INSUFFICIENT_DATA"],
    ]);
    expect(rows[0]).toMatchObject({
      account_id: "\t1234567890123456",
      days_total: "4",
      days_covered: "3",
      gaps: "2026-11-23 2026-11-23 NO_RUN",
    });
  });

  test("leaves out earlier runs than --since, and later ones than --until", async () => {
    const env = await keep("window", keptFiles(RUNS));
    const { stdout } = await history(
      env,
      ...["--format", "json", "--since", "4d", "--until", "2026-11-23"],
    );
    expect(JSON.parse(stdout)).toMatchObject({
      window: { from: "2026-11-21", to: "2026-11-23" },
      runs: { used: 2, last: "2026-11-22T08:00:00.000Z" },
      subjects: [
        { regionId: "cn-r0", status: "COMPLIANT" },
        { regionId: "cn-r1", status: "COMPLIANT" },
      ],
    });
  });
});

describe("evidence that is not as it was kept", () => {
  const [first, second] = [...keptFiles(RUNS).keys()].filter((name) => name.includes("manifest"));
  const reportOf = (name: string): string => name.replace(".manifest.", ".report.");
  const oneByteOff = (text: string): string => text.replace("COMPLIANT", "COMPLIANd");

  test.each<[string, (files: Map<string, string>) => void, number, string]>([
    [
      "a report with a byte changed",
      (files) => {
        const name = reportOf(String(second));
        files.set(name, oneByteOff(String(files.get(name))));
      },
      1,
      "the report was changed: its SHA-256 is not the manifest's",
    ],
    [
      "a report that is removed",
      (files) => files.delete(reportOf(String(second))),
      1,
      "is missing",
    ],
    ["a manifest that is none", (files) => files.set(String(second), "{}"), 1, "cannot be read"],
    [
      "a manifest of another run",
      (files) => files.set(String(second), String(files.get(String(first)))),
      1,
      "not about the run of its name",
    ],
  ])("%s is named and not used", async (name, change, code, message) => {
    const files = keptFiles(RUNS);
    change(files);
    const env = await keep(name, files);
    const { exitCode, stdout, stderr } = await history(env, "--format", "json");
    expect(exitCode).toBe(code);
    expect(stderr).toContain(`flowlog-guard: ${second}: `);
    expect(stderr).toContain(message);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: { used: 2, unusable: [{ name: second, day: "2026-11-22" }] },
      subjects: [
        {
          gaps: [
            { from: "2026-11-22", reason: "EVIDENCE_UNUSABLE" },
            { from: "2026-11-23", reason: "NO_RUN" },
          ],
        },
        {},
      ],
    });
  });

  test("a report of a version with other rules leaves the history incomplete", async () => {
    const [run] = RUNS;
    if (run === undefined) throw new Error("there are runs");
    const findings = run.findings.map((finding) => ({ ...finding, ruleId: "rule-of-tomorrow" }));
    const env = await keep("newer", keptFiles([{ ...run, findings }, ...RUNS.slice(1)]));
    const { exitCode, stderr } = await history(env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "this version cannot read the report: it is of a rule that this version does not know",
    );
  });

  test("a report without a manifest is no evidence", async () => {
    const files = keptFiles(RUNS);
    files.delete(String(second));
    const { exitCode, stdout } = await history(await keep("cut", files), "--format", "json");
    expect([exitCode, JSON.parse(stdout).runs.used]).toEqual([0, 2]);
  });
});

describe("history fails", () => {
  test.each<[string[], string]>([
    [["--since", "yesterday"], "--since: is neither a day such as 2026-01-01 nor a duration"],
    [["--since", "2026-02-30"], "--since: is neither a day"],
    [["--since", "2027-01-01"], "--since: is in the future"],
    [["--until", "90d"], "--until: is not a day such as 2026-03-31"],
    [["--since", "2026-03-01", "--until", "2026-02-01"], "--until: is before --since"],
    [["--format", "xml"], "argument 'xml' is invalid"],
    [[], "evidence: none is configured"],
  ])("for %j, with one message", async (flags, message) => {
    const { exitCode, stdout, stderr } = await history({}, ...flags);
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toContain(message);
  });

  test("where there is no folder", async () => {
    const { exitCode, stderr } = await history({ FLOWLOG_GUARD_EVIDENCE: "file:/nonexistent/" });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("There is no folder");
  });

  test("to know anything where no run is kept", async () => {
    const env = await keep("empty", keptFiles(RUNS));
    const { exitCode, stdout } = await history(env, "--until", "2026-01-01");
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(
      /^No run is kept in .* Check the address, and whether runs keep evidence there\.$/m,
    );
  });
});
