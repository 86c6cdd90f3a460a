import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { verificationJson } from "../../functions/cli/commands/verify/verification-json.ts";
import { filesOf, folderWith, makeChain, type MadeRun, makeRun } from "../harness/made-chain.ts";
import { runMain } from "../harness/run-main.ts";
import { runNode } from "../harness/run-process.ts";

const guide = await readFile(new URL("../../docs/evidence.md", import.meta.url), "utf8");

const CHAIN = makeChain(4);
const [R0, R1, R2, R3] = CHAIN as [MadeRun, MadeRun, MadeRun, MadeRun];

describe("the guide to evidence", () => {
  test("names every field of a manifest, in the order in which it is written", () => {
    const [, table = ""] = /^## What is kept\n(.*?)^## /ms.exec(guide) ?? [];
    const fields = [...table.matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, cell]) =>
      [...String(cell).matchAll(/`(\w+)`/g)].map(([, field]) => field),
    );
    expect(fields).toEqual(Object.keys(JSON.parse(R0.manifest.text)));
  });

  test("has a name as files have it", () => {
    expect(guide).toContain("20261128T170000123Z-5e1f0b1e-….report.json");
    const { reportName } = makeRun(Date.UTC(2026, 10, 28, 17, 0, 0, 123), null);
    expect(reportName).toMatch(/^2026\/11\/28\/20261128T170000123Z-[0-9a-f-]{36}\.report\.json$/);
  });

  test("names every field of the JSON, and every code", async () => {
    const [, section = ""] = /^## verify\n(.*?)^## /ms.exec(guide) ?? [];
    const json = verificationJson(
      {
        evidence: "",
        runs: 0,
        wholeReports: 0,
        first: null,
        head: null,
        heldHead: { sha256: "", run: null, leadsToHead: false, runsAfter: 0, isOfReport: false },
        breaks: [{ code: "CYCLE", name: null, expected: null, actual: null }],
        notes: [],
        lock: { status: "UNREADABLE", message: "" },
        unread: null,
      },
      "",
    );
    const { heldHead, validationErrors, ...rest } = JSON.parse(json);
    const fields = [rest, heldHead, validationErrors[0]].flatMap((part) => Object.keys(part));
    for (const field of fields) expect(section).toContain(`\`${field}\``);
    const types = await readFile(
      new URL("../../shared/evidence/verification.ts", import.meta.url),
      "utf8",
    );
    const codes = [...types.matchAll(/^ \* - `([A-Z_]+)`/gm)].map(([, code]) => String(code));
    expect(codes).toHaveLength(14);
    for (const code of codes) expect(section).toContain(`\`${code}\``);
  });

  test("has links that lead somewhere", async () => {
    const links = [...guide.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => String(link));
    const broken: string[] = [];
    for (const link of links.filter((it) => !it.startsWith("https://"))) {
      const [path, anchor] = link.split("#");
      const file = path === "" ? "evidence.md" : path;
      const text = await readFile(new URL(`../../docs/${file}`, import.meta.url), "utf8");
      const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        String(title)
          .toLowerCase()
          .replaceAll(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      if (anchor !== undefined && !anchors.includes(anchor)) broken.push(link);
    }
    expect(links.length).toBeGreaterThan(5);
    expect(broken).toEqual([]);
  });
});

describe("the script of the guide, and verify, agree", () => {
  let folder = "";
  let script = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "guard-recipe-"));
    script = join(folder, "check-evidence.sh");
    const [, text = ""] = /^`check-evidence.sh`:\n\n```sh\n(.*?)^```/ms.exec(guide) ?? [];
    await writeFile(script, text);
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  const without = (...names: readonly string[]) => {
    const files = filesOf(CHAIN);
    for (const name of names) files.delete(name);
    return files;
  };
  const withText = (name: string, edit: (text: string) => string) => {
    const files = filesOf(CHAIN);
    return files.set(name, edit(String(files.get(name))));
  };
  const cutOff = makeRun(Date.UTC(2026, 10, 1, 1, 30), R0.manifest.sha256);

  test.each<[string, ReadonlyMap<string, string>, string | null, 0 | 1 | 3, string]>([
    [
      "a whole chain",
      filesOf(CHAIN),
      null,
      0,
      `not named by a later run: ${R3.manifest.name} ${R3.manifest.sha256}\n`,
    ],
    ["its head", filesOf(CHAIN), R3.manifest.sha256.toUpperCase(), 0, ""],
    ["an older head", filesOf(CHAIN), R1.manifest.sha256, 0, ""],
    ["a head that is not there", filesOf([R0, R1]), R3.manifest.sha256, 1, "a second party holds"],
    [
      "a run that was cut off",
      filesOf([...CHAIN, cutOff]),
      null,
      0,
      `not named by a later run: ${cutOff.manifest.name}`,
    ],
    ["nothing", new Map(), null, 3, "nothing is kept"],
    ["nothing, and a head", new Map(), R3.manifest.sha256, 1, "a second party holds"],
    ["no first run", without(R0.reportName, R0.manifest.name), null, 1, R1.manifest.name],
    ["no run in the middle", without(R1.reportName, R1.manifest.name), null, 1, R2.manifest.name],
    ["no newest run", without(R3.reportName, R3.manifest.name), null, 0, R2.manifest.name],
    ["no report", without(R2.reportName), null, 1, `${R2.reportName} is not there`],
    ["no manifest", without(R2.manifest.name), null, 1, `there: ${R2.manifest.sha256}`],
    ["a byte more", withText(R1.reportName, (text) => `${text} `), null, 1, R1.reportName],
    [
      "another status",
      withText(R1.reportName, (text) => text.replace("NON_COMPLIANT", "COMPLIANT")),
      null,
      1,
      `${R1.reportName} was changed`,
    ],
    [
      "a manifest, cut off",
      withText(R3.manifest.name, (text) => text.slice(0, 200)),
      null,
      1,
      `${R3.manifest.name} is not the manifest of its name`,
    ],
    [
      "a manifest, changed",
      withText(R1.manifest.name, (text) => text.replace("02.000Z", "03.000Z")),
      null,
      1,
      `${R2.manifest.name} names a manifest that is not there`,
    ],
    [
      "the newest manifest, changed",
      withText(R3.manifest.name, (text) => text.replace("02.000Z", "03.000Z")),
      null,
      1,
      `${R3.manifest.name} says something else of the run than its report`,
    ],
    ["a manifest, empty", withText(R3.manifest.name, () => ""), null, 1, R3.manifest.name],
    [
      "a run, copied",
      filesOf(CHAIN)
        .set(`copy/${R2.manifest.name}`, R2.manifest.text)
        .set(`copy/${R2.reportName}`, R2.reportText),
      null,
      1,
      `copy/${R2.manifest.name} is not the manifest of its name`,
    ],
  ])("%s", async (_name, files, head, exitCode, says) => {
    await using kept = await folderWith(files);
    const args = head === null ? [] : [head];
    const ours = await runMain(["verify", ...(head === null ? [] : ["--head", head])], {
      FLOWLOG_GUARD_EVIDENCE: `file:${kept.path}`,
    });
    const env = { PATH: String(process.env["PATH"]) };
    const theirs = await runNode([script, kept.path, ...args], { node: "sh", env });
    expect([ours.exitCode, theirs.exitCode]).toEqual([exitCode, exitCode]);
    expect(theirs.stdout).toContain(says);
    expect(theirs.stderr).toBe("");
  });
});
