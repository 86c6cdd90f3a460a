import { mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { manifestName, manifestOf, reportName } from "../../../shared/evidence/manifest.ts";
import { digestReport } from "../../../shared/report/report-digest.ts";
import { type KeptAt, keepRun, keepRuns, madeUpReport } from "../../harness/keep-runs.ts";
import { evidenceIn, readChain } from "../../harness/read-evidence.ts";

/** A manifest that is remembered until it is known to be stored. */
interface Pending {
  readonly name: string;
  readonly text: string;
}

const NOON = Date.UTC(2026, 10, 28, 12);

let home: string;
let folder: string;
let at: KeptAt;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "flowlog-guard-folder-"));
  folder = join(home, "a/evidence");
  at = { evidence: `file:${folder}/` };
});
afterEach(() => rm(home, { recursive: true, force: true }));

function hourly(count: number): Report[] {
  return Array.from({ length: count }, (_, hour) =>
    madeUpReport(new Date(NOON + hour * 3_600_000)),
  );
}

async function chain() {
  return readChain(await evidenceIn(folder));
}

async function changeDocument(change: (document: Record<string, unknown>) => void): Promise<void> {
  const path = join(folder, "chain.json");
  const document = JSON.parse(await readFile(path, "utf8"));
  change(document);
  await writeFile(path, JSON.stringify(document));
}

test("a folder is created, and its files are not to be changed by accident", async () => {
  const [report] = hourly(1) as [Report];
  await keepRuns([report], at);
  const name = join(folder, reportName(report));
  expect((await stat(name)).mode & 0o777).toBe(0o444);
  // Neither leases nor temporary files stay.
  expect((await readdir(folder)).toSorted()).toEqual(["2026", "chain.json"]);
  expect((await readdir(join(folder, "2026/11/28"))).length).toBe(2);
});

test("runs side by side have one chain", async () => {
  const reports = hourly(3);
  await Promise.all(reports.map(async (report) => keepRuns([report], at)));
  expect(await chain()).toMatchObject({ manifests: [{}, {}, {}], loose: [] });
});

test("a folder that was moved goes on with its chain", async () => {
  const [first, second] = hourly(2) as [Report, Report];
  await keepRuns([first], at);
  const moved = join(home, "b");
  await rename(join(home, "a"), moved);
  folder = join(moved, "evidence");
  expect((await keepRun(second, { evidence: `file:${folder}/` })).warnings).toEqual([]);
  expect((await chain()).manifests).toHaveLength(2);
});

test("the manifest of a run that was killed before it stored it is stored by the next", async () => {
  const [first, killed, next] = hourly(3) as [Report, Report, Report];
  await keepRuns([first, killed], at);
  const name = manifestName(reportName(killed));
  const text = await readFile(join(folder, name), "utf8");
  await rm(join(folder, name));
  await changeDocument((document) => {
    document["evidence"] = { ...Object(document["evidence"]), unconfirmed: { name, text } };
  });
  await keepRuns([next], at);
  expect(await chain()).toMatchObject({
    manifests: [{ runId: first.runId }, { runId: killed.runId }, { runId: next.runId }],
    loose: [],
  });
});

test.each([
  ["another text", ({ name }: Pending) => ({ name, text: "{}" })],
  ["another place", ({ text }: Pending) => ({ name: "../planted", text })],
])("a pending manifest that was changed to %s is not written", async (_what, change) => {
  const [first, next] = hourly(2) as [Report, Report];
  await keepRuns([first], at);
  const name = manifestName(reportName(first));
  const text = await readFile(join(folder, name), "utf8");
  await changeDocument((document) => {
    const head = Object(document["evidence"]);
    document["evidence"] = { ...head, unconfirmed: change({ name, text }) };
  });
  expect((await keepRun(next, at)).warnings).toEqual([expect.stringContaining("was lost")]);
  expect(await readdir(join(home, "a"))).toEqual(["evidence"]);
  expect(await chain()).toMatchObject({ manifests: [{}, {}], loose: [] });
});

test("nor is one whose run has the way to another folder for an id", async () => {
  const [first, next] = hourly(2) as [Report, Report];
  await keepRuns([first], at);
  const digested = digestReport(first);
  const planted = manifestOf({ ...first, runId: "/../../../../planted" }, digested, null, null);
  const { name, text, sha256 } = planted;
  await changeDocument((document) => {
    document["evidence"] = { ...Object(document["evidence"]), sha256, unconfirmed: { name, text } };
  });
  await keepRuns([next], at);
  expect((await readdir(home)).concat(await readdir(join(home, "a")))).toEqual(["a", "evidence"]);
  expect(await chain()).toMatchObject({ manifests: [{}, {}], loose: [] });
});

describe("where what remembers the end is lost", () => {
  const LOST =
    /^What remembers the head of the chain of evidence in file:.* was lost: the head was found by the manifests\.$/;

  test.each<[string, () => Promise<void>]>([
    ["missing", async () => rm(join(folder, "chain.json"))],
    ["damaged", async () => writeFile(join(folder, "chain.json"), "{")],
    ["without it", async () => changeDocument((document) => delete document["evidence"])],
  ])("as it is %s, the manifests tell it", async (_what, lose) => {
    const [first, second, third] = hourly(3) as [Report, Report, Report];
    await keepRuns([first, second], at);
    await lose();
    const { warnings } = await keepRun(third, at);
    expect(warnings).toEqual([expect.stringMatching(LOST)]);
    expect(await chain()).toMatchObject({ manifests: [{}, {}, {}], loose: [] });
  });

  test("the last manifest that no other one follows is taken, whatever its name", async () => {
    // The clock of the second run was an hour behind.
    const [first, second, third] = [1, 0, 2].map((hour) =>
      madeUpReport(new Date(NOON + hour * 3_600_000)),
    ) as [Report, Report, Report];
    await keepRuns([first, second], at);
    await rm(join(folder, "chain.json"));
    await keepRuns([third], at);
    expect((await chain()).manifests.map(({ runId }) => runId)).toEqual(
      [first, second, third].map(({ runId }) => runId),
    );
  });

  test("a manifest that cannot be read keeps the run from adding another one", async () => {
    const [first, second] = hourly(2) as [Report, Report];
    await keepRuns([first], at);
    await rm(join(folder, "chain.json"));
    const name = join(folder, manifestName(reportName(first)));
    await rename(name, join(home, "manifest"));
    await symlink(join(home, "manifest"), name);
    const { manifestSha256, problem } = await keepRun(second, at);
    expect(manifestSha256).toBeNull();
    expect(problem?.message).toContain(
      "but not added to the chain of evidence. The evidence cannot be read",
    );
  });
});

test("a folder that cannot be written names it, and why", async () => {
  await keepRuns(hourly(1), at);
  await writeFile(join(folder, "2027"), "");
  const { manifestSha256, problem } = await keepRun(
    madeUpReport(new Date(Date.UTC(2027, 0, 2))),
    at,
  );
  expect(manifestSha256).toBeNull();
  expect(problem).toMatchObject({
    name: "EvidenceError",
    message: expect.stringMatching(
      /^The evidence cannot be written in .*\/a\/evidence\/ \(ENOTDIR\)\. Check who owns the folder/,
    ),
  });
  expect((await chain()).manifests).toHaveLength(1);
});
