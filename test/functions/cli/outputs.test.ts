import { existsSync } from "node:fs";
import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { FORMAT_NAMES, formatOf } from "../../../shared/report/formats.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { startDeployed } from "../../harness/audit-remotely.ts";
import { reportOf, reportWith } from "../../harness/report-with.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator({
    regions: { "cn-a": { activated: true }, "cn-b": { activated: false } },
  });
});
afterAll(() => emulator[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-outputs-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Audits with these files as `--output`. */
async function audit(
  files: readonly string[],
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const outputs = files.flatMap((file) => ["--output", file]);
  return runMain(["audit", ...outputs, ...flags], { ...emulatorEnv(emulator), ...env });
}

async function read(name: string): Promise<string> {
  return readFile(join(folder, name), "utf8");
}

describe("a file's format", () => {
  test("is that of its extension, in either case, or the one before the colon", async () => {
    const names = ["a.json", "b.JSON", "c.txt", "d.md", "e.tar.json", "f:g.json"];
    const named = ["json:h", "table:i.json", "markdown:j", "json:table:k"];
    const at = (value: string): string => value.replace(/([^:]*)$/, `${folder}/$1`);
    const { exitCode, stdout } = await audit([
      ...names.map((name) => join(folder, name)),
      ...named.slice(0, 3).map(at),
      `json:${folder}/table:k`,
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    for (const name of ["a.json", "b.JSON", "e.tar.json", "f:g.json", "h", "table:k"]) {
      expect(JSON.parse(await read(name))).toMatchObject({ summary: { nonCompliant: 1 } });
    }
    for (const name of ["c.txt", "i.json"]) expect(await read(name)).toMatch(/^STATUS /);
    for (const name of ["d.md", "j"]) expect(await read(name)).toMatch(/^## ✖ 1 of 2 regions is/);
    expect(await readdir(folder)).toHaveLength(names.length + named.length);
  });

  test.each([["--remote"], ["--alert"], ["-q"]])(
    "and what else is wrong with files is found before anything is asked, all at once: %s",
    async (flag) => {
      await mkdir(join(folder, "sub"));
      await writeFile(join(folder, "file"), "");
      await symlink(join(folder, "nowhere", "x.json"), join(folder, "dangling.json"));
      await symlink(join(folder, "once.json"), join(folder, "again.json"));
      await link(join(folder, "file"), join(folder, "file.csv"));
      const asked = emulator.requests.length;
      const { exitCode, stdout, stderr } = await audit(
        [
          join(folder, "report.pdf"),
          join(folder, "json"),
          "",
          "markdown:",
          "json:-",
          "markdwn:report.md",
          "JSON:report.json",
          join(folder, "sub"),
          `json:${folder}/new/`,
          join(folder, "none", "a.json"),
          join(folder, "file", "a.json"),
          join(folder, "dangling.json"),
          join(folder, "once.json"),
          `${folder}/sub/../once.json`,
          `table:${folder}/again.json`,
          `json:${folder}/file`,
          join(folder, "file.csv"),
        ],
        [flag, "--region", "cn-hangzhou"],
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
      const lines = stderr.split("\n").filter((line) => line.includes("--output"));
      expect(lines.map((line) => line.replaceAll(folder, "DIR"))).toEqual(
        [
          expect.stringContaining(`DIR/report.pdf has no extension of a report: end it in one of`),
          expect.stringContaining("DIR/json has no extension of a report"),
          "is empty: name a file",
          "is empty: name a file",
          "- is not a file: for stdout, use --format",
          ...["markdwn:report.md", "JSON:report.json"].map((value) =>
            expect.stringMatching(
              `${value} begins with no format that there is: use one of table,`,
            ),
          ),
          "DIR/sub is a folder: name a file",
          "DIR/new/ is a folder: name a file",
          ...["none/a", "file/a", "dangling"].map(
            (name) =>
              `DIR/${name}.json cannot be written: name a file in a folder that exists and is yours`,
          ),
          "DIR/sub/../once.json is named twice: write each file once",
          "DIR/again.json is named twice: write each file once",
          "DIR/file.csv is named twice: write each file once",
        ].map((problem) => (typeof problem === "string" ? `  - --output: ${problem}` : problem)),
      );
      for (const name of FORMAT_NAMES) {
        expect(stderr).toContain(` .${formatOf(name).extension} (${name}),`);
      }
      expect(stderr).toContain("or write the format before it, such as json:FILE");
      expect(emulator.requests).toHaveLength(asked);
    },
  );
});

// Root may write everywhere, but nobody makes files there.
test.runIf(existsSync("/proc/self"))("a folder that takes no files is found too", async () => {
  const asked = emulator.requests.length;
  const { exitCode, stderr } = await audit(["/proc/report.json"]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain("--output: /proc/report.json cannot be written");
  expect(emulator.requests).toHaveLength(asked);
});

describe("stdout", () => {
  test("has a report beside files only where --format is given", async () => {
    const files = [join(folder, "a.json"), join(folder, "b.txt")];
    const { stdout, stderr } = await audit(files, ["--format", "json"]);
    expect((JSON.parse(stdout) as Report).summary.total).toBe(2);
    expect(JSON.parse(await read("a.json"))).toEqual(JSON.parse(stdout));
    expect(await read("b.txt")).toContain("✖ NON_COMPLIANT   cn-b");
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/^flowlog-guard: 2 regions of account \d+: 1 compliant, 1 not compl/),
      expect.stringMatching(/^flowlog-guard: Not asked: .* Ask with --rules all\.$/),
      ...files.map((file) => `flowlog-guard: report written to ${file}`),
      "",
    ]);
  });

  test("has the table, and stderr not what it says", async () => {
    const { stdout, stderr } = await audit([join(folder, "a.json")], ["--format", "table"]);
    expect(stdout).toMatch(/\n2 regions of account .*\n.*\nNot asked: .*\n$/);
    expect(stderr).toBe(`flowlog-guard: report written to ${folder}/a.json\n`);
  });

  test("has nothing with -q and files, and stderr neither", async () => {
    expect(await audit([join(folder, "a.md")], ["-q"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "",
    });
    expect(await read("a.md")).not.toContain("Not asked");
  });
});

describe("--only", () => {
  test("is for each table, and no other format", async () => {
    const files = ["a.txt", "a.json", "a.md"].map((name) => join(folder, name));
    await audit(files, ["--only", "compliant"]);
    expect(await read("a.txt")).toContain("\n1 finding not shown (--only)\n");
    expect(await read("a.txt")).not.toContain("cn-b");
    expect(await read("a.json")).toContain("cn-b");
    expect(await read("a.md")).toContain("cn-b");
  });

  test("is refused where nothing is a table", async () => {
    const { exitCode, stderr } = await audit([join(folder, "a.md")], ["--only", "compliant"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("--only: is for tables; a report in another format is always whole");
  });
});

describe("--metrics-by", () => {
  test("account leaves out the series of regions", async () => {
    const path = join(folder, "a.prom");
    await audit([path]);
    expect(await read("a.prom")).toContain('region="cn-b"');
    await audit([path], ["--metrics-by", "account"]);
    expect(await read("a.prom")).toMatch(
      /^flowlog_guard_findings\{.*status="NON_COMPLIANT".*\} 1$/m,
    );
    expect(await read("a.prom")).not.toContain("cn-b");
  });

  test("is refused where nothing has metrics", async () => {
    const { exitCode, stderr } = await audit([], ["--metrics-by", "account"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("--metrics-by: is for the format prometheus");
  });
});

test("--remote writes the report of the deployed function in each format", async () => {
  const report = reportOf(reportWith(["COMPLIANT", "NON_COMPLIANT"]), new Date());
  const fault = { status: 200, body: JSON.stringify(report) };
  await using deployed = await startDeployed(emulator, { fault });
  const { exitCode } = await audit(
    [join(folder, "a.md"), join(folder, "a.json")],
    ["--remote", "--region", "cn-hangzhou"],
    { FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin },
  );
  expect(exitCode).toBe(1);
  expect(await read("a.md")).toContain("| ✖ NON_COMPLIANT | `cn-r1` |");
  expect(JSON.parse(await read("a.json"))).toMatchObject({ summary: report.summary });
});

/** A device on which nothing can be written, through a link, so that no device is replaced. */
const FULL_DISK = "/dev/full";

describe.runIf(existsSync(FULL_DISK))("of several files, one that cannot be written", () => {
  async function full(name: string): Promise<string> {
    const path = join(folder, name);
    await symlink(FULL_DISK, path);
    return path;
  }

  test("stops no other, no alert and no note, and its report goes to stdout", async () => {
    await using catcher = await startWebhookCatcher();
    const [first, last] = [join(folder, "first.json"), join(folder, "last.txt")];
    const lost = await full("lost.md");
    const { exitCode, stdout, stderr } = await audit([first, lost, last], ["--alert"], {
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
    });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^## ✖ 1 of 2 regions is not compliant\n/);
    expect(await read("first.json")).toContain("NOT_ACTIVATED");
    expect(await read("last.txt")).toContain("NOT_ACTIVATED");
    expect(stderr).toContain(`report written to ${last}\n`);
    expect(stderr).not.toContain(`report written to ${lost}`);
    expect(stderr).toContain(
      `flowlog-guard: ${lost} could not be written (ENOSPC), so the report went to stdout.\n`,
    );
    expect(catcher.messages).toHaveLength(1);
  });

  test("is named also where the alert reaches nobody", async () => {
    await using catcher = await startWebhookCatcher([{ status: 404 }]);
    const lost = await full("lost.md");
    const { exitCode, stderr } = await audit([lost], ["--alert", "-q"], {
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`flowlog-guard: ${lost} could not be written (ENOSPC), so the`);
    expect(stderr).toContain("404");
  });

  test("does not add a second report to stdout", async () => {
    const lost = await full("lost.md");
    const { exitCode, stdout, stderr } = await audit([lost], ["--format", "json"]);
    expect(exitCode).toBe(3);
    expect((JSON.parse(stdout) as Report).summary.total).toBe(2);
    expect(stderr).toContain(`flowlog-guard: ${lost} could not be written (ENOSPC).\n`);
  });

  test("is named also where stdout cannot be written either", async () => {
    const lost = await full("lost.md");
    const kept = join(folder, "kept.json");
    const { exitCode, stderr } = await runCli(
      ["audit", "--output", lost, "--output", kept, "--format", "table"],
      emulatorEnv(emulator),
      { stdout: FULL_DISK },
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${lost} could not be written (ENOSPC)`);
    expect(stderr).toContain("The output could not be written (ENOSPC).");
    expect(await read("kept.json")).toContain("NOT_ACTIVATED");
  });
});
