import { afterAll, describe, expect, test } from "vitest";

import { EvidenceError } from "../../../shared/audit/run-error.ts";
import type { EvidenceArchive } from "../../../shared/evidence/evidence-archive.ts";
import type { Verification } from "../../../shared/evidence/verification.ts";
import { verifyChain } from "../../../shared/evidence/verify-chain.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { filesOf, type MadeRun, makeChain, makeRun } from "../../harness/made-chain.ts";

const within = startTimeBudget(60_000, "TIMEOUT");
afterAll(() => within.release());

/** An archive of texts in memory. */
function archiveOf(
  files: ReadonlyMap<string, string>,
  overrides: Partial<EvidenceArchive> = {},
): EvidenceArchive {
  return {
    name: "file:./evidence/",
    list: async () => [...files.keys()].toSorted(),
    async read(name) {
      const text = files.get(name);
      return text === undefined ? null : new TextEncoder().encode(text);
    },
    lock: async () => null,
    ...overrides,
  };
}

async function verify(
  files: ReadonlyMap<string, string>,
  held: string | null = null,
  overrides: Partial<EvidenceArchive> = {},
): Promise<Verification> {
  return verifyChain(archiveOf(files, overrides), { heldSha256: held }, within);
}

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2026, 10, 1);
const CHAIN = makeChain(5, { startMs: FIRST_MS });
const [R0, R1, R2, R3, R4] = CHAIN as [MadeRun, MadeRun, MadeRun, MadeRun, MadeRun];

test("a chain is whole, and nothing about it is odd", async () => {
  const outcome = await verify(filesOf(CHAIN));
  expect(outcome).toEqual({
    evidence: "file:./evidence/",
    runs: 5,
    wholeReports: 5,
    first: runOf(R0),
    head: runOf(R4),
    heldHead: null,
    breaks: [],
    notes: [],
    lock: { status: "NOT_LOCKED" },
    unread: null,
  });
});

function runOf({ manifest: { name, sha256 }, report: { runId, startedAt } }: MadeRun) {
  return { name, sha256, runId, startedAt };
}

describe("what was changed or removed is named, and the first in time comes first", () => {
  type Break = [code: string, name: string | null];
  const without = (...names: string[]) => {
    const files = filesOf(CHAIN);
    for (const name of names) files.delete(name);
    return files;
  };
  const withText = (name: string, text: string) => filesOf(CHAIN).set(name, text);
  const flipped = (text: string, from: string, to: string) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

  test.each<[string, () => Map<string, string>, Break[]]>([
    [
      "the first run",
      () => without(R0.reportName, R0.manifest.name),
      [["PREVIOUS_MISSING", R1.manifest.name]],
    ],
    [
      "a run in the middle",
      () => without(R2.reportName, R2.manifest.name),
      [["PREVIOUS_MISSING", R3.manifest.name]],
    ],
    ["a report alone", () => without(R1.reportName), [["REPORT_MISSING", R1.reportName]]],
    ["a manifest alone", () => without(R2.manifest.name), [["PREVIOUS_MISSING", R3.manifest.name]]],
    [
      "two reports, swapped",
      () => filesOf(CHAIN).set(R1.reportName, R2.reportText).set(R2.reportName, R1.reportText),
      [
        ["REPORT_CHANGED", R1.reportName],
        ["REPORT_CHANGED", R2.reportName],
      ],
    ],
    [
      "a manifest, cut off",
      () => withText(R2.manifest.name, R2.manifest.text.slice(0, -40)),
      [
        ["MANIFEST_UNREADABLE", R2.manifest.name],
        ["PREVIOUS_MISSING", R3.manifest.name],
      ],
    ],
    [
      "a manifest, empty",
      () => withText(R4.manifest.name, ""),
      [["MANIFEST_UNREADABLE", R4.manifest.name]],
    ],
    [
      "a byte after a report",
      () => withText(R4.reportName, `${R4.reportText}\n`),
      [["REPORT_CHANGED", R4.reportName]],
    ],
    [
      "a byte after a manifest",
      () => withText(R2.manifest.name, `${R2.manifest.text}\n`),
      [
        ["MANIFEST_CHANGED", R2.manifest.name],
        ["PREVIOUS_MISSING", R3.manifest.name],
      ],
    ],
    [
      "a key of the newest manifest, written otherwise",
      () => withText(R4.manifest.name, flipped(R4.manifest.text, '"runId"', '"run\\u0049d"')),
      [["MANIFEST_CHANGED", R4.manifest.name]],
    ],
    [
      "a status in a report",
      () => withText(R3.reportName, flipped(R3.reportText, "NON_COMPLIANT", "COMPLIANT")),
      [["REPORT_CHANGED", R3.reportName]],
    ],
    [
      "a byte in a manifest's time",
      () => withText(R2.manifest.name, flipped(R2.manifest.text, "02.000Z", "03.000Z")),
      [
        ["MANIFEST_DIFFERS", R2.manifest.name],
        ["PREVIOUS_MISSING", R3.manifest.name],
      ],
    ],
    [
      "a byte in the version that the newest manifest names",
      () =>
        withText(
          R4.manifest.name,
          flipped(R4.manifest.text, '"toolVersion":"', '"toolVersion":"1'),
        ),
      [["MANIFEST_DIFFERS", R4.manifest.name]],
    ],
    [
      "half a character in a manifest",
      () => withText(R4.manifest.name, flipped(R4.manifest.text, '"runId":"1', '"runId":"\\ud800')),
      [["MANIFEST_UNREADABLE", R4.manifest.name]],
    ],
    [
      "a byte in the digest that a manifest names",
      () => {
        const digest = /"reportSha256":"(.)/.exec(R2.manifest.text)?.[0] ?? "";
        const other = digest.endsWith("0") ? "1" : "0";
        return withText(
          R2.manifest.name,
          flipped(R2.manifest.text, digest, `${digest.slice(0, -1)}${other}`),
        );
      },
      [
        ["REPORT_CHANGED", R2.reportName],
        ["PREVIOUS_MISSING", R3.manifest.name],
      ],
    ],
    [
      "a manifest of a version that is not known",
      () =>
        withText(
          R4.manifest.name,
          flipped(R4.manifest.text, '"manifestVersion":1', '"manifestVersion":2'),
        ),
      [["MANIFEST_UNREADABLE", R4.manifest.name]],
    ],
    [
      "a run, copied to another name",
      () =>
        filesOf(CHAIN)
          .set(`copy/${R2.manifest.name}`, R2.manifest.text)
          .set(`copy/${R2.reportName}`, R2.reportText),
      [["MANIFEST_MISPLACED", `copy/${R2.manifest.name}`]],
    ],
  ])("%s", async (_name, filesWith, breaks) => {
    const outcome = await verify(filesWith());
    expect(outcome.breaks.map(({ code, name }) => [code, name])).toEqual(breaks);
    expect(outcome.unread).toBeNull();
  });

  test("with what was expected and what is there", async () => {
    const files = filesOf(CHAIN);
    files.set(R1.reportName, "{}").delete(R2.reportName);
    files.delete(R3.manifest.name);
    const { breaks } = await verify(files);
    const digestOf = ({ manifest }: MadeRun) => JSON.parse(manifest.text).reportSha256;
    expect(breaks).toEqual([
      {
        code: "REPORT_CHANGED",
        name: R1.reportName,
        expected: digestOf(R1),
        // sha256sum of the two bytes {}
        actual: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      },
      { code: "REPORT_MISSING", name: R2.reportName, expected: digestOf(R2), actual: null },
      {
        code: "PREVIOUS_MISSING",
        name: R4.manifest.name,
        expected: R3.manifest.sha256,
        actual: null,
        lastBefore: R2.manifest.name,
      },
    ]);
  });

  test("with the manifest that may be the changed one, where only a link shows it", async () => {
    const text = flipped(R2.manifest.text, '"clockDifferenceMs":12', '"clockDifferenceMs":13');
    const { breaks } = await verify(withText(R2.manifest.name, text));
    const { name } = R2.manifest;
    expect(breaks).toMatchObject([{ code: "PREVIOUS_MISSING", lastBefore: name }]);
  });

  test("with none where the first run was removed", async () => {
    const { breaks } = await verify(without(R0.reportName, R0.manifest.name));
    expect(breaks[0]).not.toHaveProperty("lastBefore");
  });

  test("a manifest that names a file elsewhere as its report has nothing read there", async () => {
    const read: string[] = [];
    const files = filesOf(CHAIN.slice(0, 1));
    files.set(
      R1.manifest.name,
      R1.manifest.text.replace(/"report":"[^"]+"/, '"report":"../../../etc/passwd"'),
    );
    const { breaks } = await verify(files, null, {
      async read(name) {
        read.push(name);
        return archiveOf(files).read(name, within);
      },
    });
    expect(breaks.map(({ code }) => code)).toEqual(["MANIFEST_MISPLACED"]);
    expect(read.filter((name) => name.includes("passwd"))).toEqual([]);
  });
});

describe("an attacker who computes digests anew", () => {
  /** The report of a run without what is not compliant, and a manifest that fits it. */
  const forged = (run: MadeRun, previousSha256: string | null): MadeRun =>
    makeRun(Date.parse(run.report.startedAt), previousSha256, (report) => ({
      ...report,
      findings: report.findings.map((finding) => ({ ...finding, status: "COMPLIANT" as const })),
    }));

  test("breaks the link of the next run", async () => {
    const forgery = forged(R2, R1.manifest.sha256);
    const { breaks } = await verify(filesOf([R0, R1, forgery, R3, R4]));
    expect(breaks).toEqual([
      {
        code: "PREVIOUS_MISSING",
        name: R3.manifest.name,
        expected: R2.manifest.sha256,
        actual: null,
        lastBefore: R2.manifest.name,
      },
    ]);
  });

  test("and writes all later runs anew, is seen only by who holds a later head", async () => {
    const two = forged(R2, R1.manifest.sha256);
    const three = forged(R3, two.manifest.sha256);
    const four = forged(R4, three.manifest.sha256);
    const files = filesOf([R0, R1, two, three, four]);
    expect((await verify(files)).breaks).toEqual([]);
    expect((await verify(files, R1.manifest.sha256)).breaks).toEqual([]);
    for (const held of [R2, R3, R4]) {
      const { breaks, heldHead } = await verify(files, held.manifest.sha256);
      expect(breaks.map(({ code }) => code)).toEqual(["HEAD_MISSING"]);
      expect(heldHead).toMatchObject({ run: null, leadsToHead: false, runsAfter: 0 });
    }
  });

  test("and puts another run's report behind a fitting manifest, is seen", async () => {
    const other = makeRun(FIRST_MS + 9 * HOUR_MS, null);
    const { sha256 } = other.manifest;
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const text = R4.manifest.text.replace(
      /"reportSha256":"\w+"/,
      `"reportSha256":"${JSON.parse(other.manifest.text).reportSha256}"`,
    );
    const files = filesOf(CHAIN).set(R4.manifest.name, text).set(R4.reportName, other.reportText);
    const { breaks } = await verify(files);
    expect(breaks).toEqual([
      {
        code: "REPORT_OF_ANOTHER_RUN",
        name: R4.reportName,
        expected: `${R4.report.runId} of ${R4.report.startedAt}`,
        actual: `${other.report.runId} of ${other.report.startedAt}`,
      },
    ]);
  });
});

describe("the newest run, removed,", () => {
  const files = filesOf(CHAIN.slice(0, 4));

  test("is not seen without the head that a second party holds", async () => {
    const { breaks, head } = await verify(files);
    expect(breaks).toEqual([]);
    expect(head).toEqual(runOf(R3));
  });

  test("is seen with it", async () => {
    const { breaks, heldHead } = await verify(files, R4.manifest.sha256);
    expect(breaks).toEqual([
      { code: "HEAD_MISSING", name: null, expected: R4.manifest.sha256, actual: null },
    ]);
    expect(heldHead?.isOfReport).toBe(false);
  });

  test("is seen also where nothing is left", async () => {
    const { breaks } = await verify(new Map(), R4.manifest.sha256);
    expect(breaks.map(({ code }) => code)).toEqual(["HEAD_MISSING"]);
  });
});

describe("the head that a second party holds", () => {
  test.each([
    [R4, 0],
    [R3, 1],
    [R0, 4],
  ])("is that of a run with as many after it: %#", async (run, runsAfter) => {
    const { breaks, heldHead } = await verify(filesOf(CHAIN), run.manifest.sha256);
    expect(breaks).toEqual([]);
    expect(heldHead).toEqual({
      sha256: run.manifest.sha256,
      run: runOf(run),
      leadsToHead: true,
      runsAfter,
      isOfReport: false,
    });
  });

  test("of a run that was cut off is there, and no run follows it", async () => {
    const cutOff = makeRun(FIRST_MS + HOUR_MS + 60_000, R0.manifest.sha256);
    const { breaks, heldHead } = await verify(filesOf([...CHAIN, cutOff]), cutOff.manifest.sha256);
    expect(breaks).toEqual([]);
    expect(heldHead).toMatchObject({ run: runOf(cutOff), leadsToHead: false, runsAfter: 0 });
  });

  test("that is the digest of a report is said to be", async () => {
    const digest = JSON.parse(R4.manifest.text).reportSha256;
    const { breaks, heldHead } = await verify(filesOf(CHAIN), digest);
    expect(breaks.map(({ code }) => code)).toEqual(["HEAD_MISSING"]);
    expect(heldHead?.isOfReport).toBe(true);
  });
});

describe("what is odd is noted, and is no break", () => {
  test("runs that were cut off, side by side, or of a second chain", async () => {
    const cutOff = makeRun(FIRST_MS + 2 * HOUR_MS + 60_000, R1.manifest.sha256);
    const [other] = makeChain(2, { startMs: FIRST_MS + 90_000 });
    const files = filesOf([...CHAIN, cutOff, ...(other ? [other] : [])]);
    const { breaks, notes, head } = await verify(files);
    expect(breaks).toEqual([]);
    expect(head).toEqual(runOf(R4));
    expect(notes).toEqual([
      { code: "NOT_LINKED", name: other?.manifest.name },
      { code: "NOT_LINKED", name: cutOff.manifest.name },
      { code: "BEGINNING", name: other?.manifest.name },
    ]);
  });

  test("a run that began earlier and was kept later begins no other chain", async () => {
    const late = makeRun(FIRST_MS - HOUR_MS, R4.manifest.sha256);
    const { breaks, notes, head } = await verify(filesOf([...CHAIN, late]));
    expect({ breaks, notes }).toEqual({ breaks: [], notes: [] });
    expect(head).toEqual(runOf(late));
  });

  test("reports without a manifest, and files of somebody else; but not what a run leaves", async () => {
    const lonely = makeRun(FIRST_MS + 8 * HOUR_MS, null);
    const files = filesOf(CHAIN)
      .set(lonely.reportName, lonely.reportText)
      .set("chain.json", "{}")
      .set("chain.json.lease-1", "{}")
      .set("2026/11/01/.flowlog-guard-11111111-2222-4333-8444-555555555555.tmp", "{")
      .set("2026/", "")
      .set("2026/11/notes.txt", "x")
      .set("README", "x");
    expect((await verify(files)).notes).toEqual([
      { code: "REPORT_WITHOUT_MANIFEST", name: lonely.reportName },
      { code: "UNKNOWN_FILE", name: "2026/11/notes.txt" },
      { code: "UNKNOWN_FILE", name: "README" },
    ]);
  });
});

describe("evidence that is kept meanwhile", () => {
  test("is not taken for a break where a manifest is listed before the one that it names", async () => {
    const files = filesOf(CHAIN);
    let lists = 0;
    const { breaks, runs } = await verify(files, null, {
      async list() {
        lists += 1;
        const names = [...files.keys()].toSorted();
        return lists > 1
          ? names
          : names.filter((name) => !name.startsWith(R3.manifest.name.slice(0, 30)));
      },
    });
    expect({ breaks, runs, lists }).toEqual({ breaks: [], runs: 5, lists: 2 });
  });
});

describe("what cannot be read", () => {
  const failing = (pattern: RegExp, files = filesOf(CHAIN)): Partial<EvidenceArchive> => ({
    async read(name) {
      if (pattern.test(name)) throw new EvidenceError(`no access to ${name}`);
      return archiveOf(files).read(name, within);
    },
  });

  test("ends the check where it is a manifest or the list", async () => {
    await expect(verify(filesOf(CHAIN), null, failing(/manifest/))).rejects.toThrow("no access");
    const list = async (): Promise<never> => Promise.reject(new EvidenceError("no access"));
    await expect(verify(filesOf(CHAIN), null, { list })).rejects.toThrow("no access");
  });

  test("keeps the breaks that are known where it is a report", async () => {
    const files = filesOf(CHAIN);
    files.delete(R1.manifest.name);
    const { breaks, unread } = await verify(files, null, failing(/T0[34].*report/, files));
    expect(breaks.map(({ code }) => code)).toEqual(["PREVIOUS_MISSING"]);
    expect(unread).toContain("no access to ");
  });

  test("is no break where it is the lock", async () => {
    const lock = async (): Promise<never> => Promise.reject(new EvidenceError("no access"));
    const outcome = await verify(filesOf(CHAIN), null, { lock });
    expect(outcome.lock).toEqual({ status: "UNREADABLE", message: "no access" });
    expect(outcome.breaks).toEqual([]);
  });

  test.each([
    [true, "LOCKED"],
    [false, "IN_PROGRESS"],
  ])("a lock that can be read is in the outcome: %s", async (isLocked, status) => {
    const lock = { isLocked, days: 7, createdAt: "2026-11-01T00:00:00.000Z" };
    const outcome = await verify(filesOf(CHAIN), null, { lock: async () => lock });
    expect(outcome.lock).toEqual({ status, lock });
  });
});

test("progress is shown from none to all", async () => {
  const shown: [number, number][] = [];
  const onProgress = (...counts: [number, number]): void => void shown.push(counts);
  await verifyChain(archiveOf(filesOf(CHAIN)), { heldSha256: null, onProgress }, within);
  expect(shown).toEqual([0, 1, 2, 3, 4, 5].map((checked) => [checked, 5]));
});

test("few reports are in memory at once", async () => {
  let [open, most] = [0, 0];
  const files = filesOf(makeChain(40));
  await verify(files, null, {
    async read(name) {
      const isReport = name.endsWith(".report.json");
      if (isReport) most = Math.max(most, (open += 1));
      await new Promise(setImmediate);
      if (isReport) open -= 1;
      return archiveOf(files).read(name, within);
    },
  });
  expect(most).toBe(4);
});
