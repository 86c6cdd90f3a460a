import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { type OssSeed, startOss } from "../../emulator/oss.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { keepRuns, madeUpReport } from "../../harness/keep-runs.ts";
import { filesOf, folderWith, makeChain, type MadeRun, makeRun } from "../../harness/made-chain.ts";
import { runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const CHAIN = makeChain(3);
const [R0, R1, R2] = CHAIN as [MadeRun, MadeRun, MadeRun];

/** Verifies evidence in a folder. */
async function verifyFolder(files: ReadonlyMap<string, string>, ...args: readonly string[]) {
  await using kept = await folderWith(files);
  // Awaited here, because the folder is removed at the end.
  const result = await runMain(["verify", ...args], {
    FLOWLOG_GUARD_EVIDENCE: `file:${kept.path}`,
  });
  return result;
}

/** Verifies evidence in an emulated bucket, with the right to read it alone. */
async function verifyBucket(
  files: ReadonlyMap<string, string>,
  seed: Partial<OssSeed> = {},
  ...args: readonly string[]
) {
  await using oss = await startOss({ ...OSS_SEED, denied: ["PUT", "DELETE"], ...seed });
  for (const [name, text] of files) oss.put(`guard/${name}`, text);
  const result = await runMain(["verify", ...args], {
    FLOWLOG_GUARD_EVIDENCE: "oss://guard-bucket/guard/?region=cn-hangzhou",
    FLOWLOG_GUARD_OSS_ENDPOINT: oss.origin,
    ALIBABA_CLOUD_ACCESS_KEY_ID: OSS_SEED.key.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: OSS_SEED.key.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
  });
  return { ...result, requests: [...oss.requests] };
}

function without(name: string): Map<string, string> {
  const files = filesOf(CHAIN);
  files.delete(name);
  return files;
}

test("a whole folder, by the built command line", async () => {
  await using kept = await folderWith(filesOf(CHAIN));
  const { exitCode, stdout, stderr } = await runCli(["verify"], {
    FLOWLOG_GUARD_EVIDENCE: `file:${kept.path}`,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toBe(`Evidence   file:${kept.path}/
Lock       none: whoever may write in the folder may change and delete its files
Runs       3, 2026-11-01T00:00:00.000Z to 2026-11-01T02:00:00.000Z
Head       ${R2.manifest.sha256}
           ${R2.manifest.name}

WHOLE: 3 manifests are linked, and 3 reports have the SHA-256 that their manifests name

Whether the newest runs were removed cannot be seen without --head and the SHA-256 that a second party holds.
The folder is not known to be locked: whoever may write there could have written the whole chain anew, which only --head shows.
`);
});

test("what runs kept in a folder is whole, and nothing in it is odd", async () => {
  await using kept = await folderWith(new Map());
  const evidence = `file:${kept.path}`;
  const reports = [0, 1, 2].map((hour) => madeUpReport(new Date(Date.UTC(2026, 10, 1, hour))));
  const heads = await keepRuns(reports, { evidence });
  const { exitCode, stdout } = await runMain(["verify", "--head", String(heads.at(-1))], {
    FLOWLOG_GUARD_EVIDENCE: evidence,
  });
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`Held       ${heads.at(-1)} is the head\n`);
  expect(stdout).toContain("WHOLE: 3 manifests are linked");
  expect(stdout).not.toContain("note:");
});

test("a bucket is read with the right to read alone, and without a state", async () => {
  const { exitCode, stdout, stderr, requests } = await verifyBucket(filesOf(CHAIN), {
    locked: true,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("Evidence   oss://guard-bucket/guard/?region=cn-hangzhou\n");
  expect(stdout).toContain("Lock       locked for 30 days since 2026-11-01T08:00:00.000Z: ");
  expect(stdout).toContain("WHOLE: 3 manifests are linked");
  expect(
    requests.map(({ method, query }) => `${method} ${query.split("=")[0]}`).toSorted(),
  ).toEqual([...Array.from({ length: 6 }, () => "GET "), "GET list-type", "GET worm"]);
});

test.each<[string, Partial<OssSeed>, string]>([
  ["without a lock", {}, "not locked: whoever may write here may change or delete objects"],
  [
    "with a lock that is not in force yet",
    { worm: { state: "InProgress", days: 7, createdAt: "2026-11-28T08:00:00.000Z" } },
    "not locked yet: the retention policy of 7 days, of 2026-11-28T08:00:00.000Z, lapses after 24 hours",
  ],
  [
    "whose lock may not be read",
    { denied: ["GetBucketWorm"] },
    "unknown: Access denied to the evidence in guard-bucket",
  ],
])("a bucket %s is verified, and that is said", async (_name, seed, lock) => {
  const { exitCode, stdout } = await verifyBucket(filesOf(CHAIN), seed);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`Lock       ${lock}`);
  expect(stdout).toContain("The bucket is not known to be locked");
});

describe("a break", () => {
  test("is named with what was expected and what is there, and ends with 1", async () => {
    const files = filesOf(CHAIN).set(R1.reportName, "{}");
    const { exitCode, stdout, stderr } = await verifyFolder(files);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(stdout).toContain(`
BROKEN: 1 break
  ${R1.reportName} was changed after its manifest was written, or its manifest was
    expected SHA-256: ${JSON.parse(R1.manifest.text).reportSha256}
    found SHA-256: 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
`);
    expect(stdout).not.toContain("cannot be seen without --head");
  });

  test("in a bucket is one too", async () => {
    const { exitCode, stdout } = await verifyBucket(without(R1.reportName));
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${R1.reportName} is named by its manifest and is not there`);
  });

  test("that is not the first is counted, and printed with --verbose", async () => {
    const files = filesOf(CHAIN).set(R1.manifest.name, "{}").set(R2.reportName, "{}");
    const { stdout } = await verifyFolder(files);
    expect(stdout).toContain("BROKEN: 3 breaks\n");
    expect(stdout).toContain(`  ${R1.manifest.name} is no manifest that this version can read`);
    expect(stdout).toContain("  and 2 more breaks: see them with --verbose\n");
    expect(stdout).not.toContain(`${R2.reportName} `);
    const { stdout: all } = await verifyFolder(files, "--verbose");
    expect(all).toContain(`  ${R2.manifest.name} names a manifest before it that is not there`);
    expect(all).toContain(`  ${R2.reportName} was changed`);
    expect(all).not.toContain("more break");
  });

  test("is in the JSON with a code", async () => {
    const { exitCode, stdout } = await verifyFolder(without(R1.manifest.name), "--format", "json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "BROKEN",
      validationErrors: [
        {
          code: "PREVIOUS_MISSING",
          name: R2.manifest.name,
          expected: R1.manifest.sha256,
          actual: null,
          message: expect.stringContaining("that one was changed or removed"),
        },
      ],
      notes: [
        { code: "NOT_LINKED", name: R0.manifest.name },
        { code: "REPORT_WITHOUT_MANIFEST", name: R1.reportName },
      ],
    });
  });
});

describe("--head", () => {
  test("takes the head, also in upper case", async () => {
    const held = R2.manifest.sha256.toUpperCase();
    const { exitCode, stdout } = await verifyFolder(filesOf(CHAIN), "--head", held);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Held       ${R2.manifest.sha256} is the head\n`);
    expect(stdout).not.toContain("cannot be seen without --head");
  });

  test.each([
    [R1, "1 run follows it"],
    [R0, "2 runs follow it"],
  ])("takes an older one, and says how many runs follow it: %#", async (run, after) => {
    const { exitCode, stdout } = await verifyFolder(filesOf(CHAIN), "--head", run.manifest.sha256);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Held       ${run.manifest.sha256} is there; ${after}\n`);
  });

  test("shows that the newest run was removed", async () => {
    const files = filesOf([R0, R1]);
    expect((await verifyFolder(files)).exitCode).toBe(0);
    const { exitCode, stdout } = await verifyFolder(files, "--head", R2.manifest.sha256);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      "  The manifest that a second party holds is not there: the newest runs were removed, the chain was written anew, or this is not the SHA-256 of a manifest of this chain\n",
    );
    expect(stdout).toContain(`    expected SHA-256: ${R2.manifest.sha256}\n`);
  });

  test("shows that everything was removed", async () => {
    const { exitCode } = await verifyFolder(new Map(), "--head", R2.manifest.sha256);
    expect(exitCode).toBe(1);
  });

  test("says so where it is the digest of a report", async () => {
    const { reportSha256 } = JSON.parse(R2.manifest.text);
    const { exitCode, stdout } = await verifyFolder(filesOf(CHAIN), "--head", reportSha256);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("is not there: it is the SHA-256 of a report, not of a manifest");
  });

  test("of a run that was cut off is there", async () => {
    const cutOff = makeRun(Date.UTC(2026, 10, 1, 1, 30), R0.manifest.sha256);
    const files = filesOf([...CHAIN, cutOff]);
    const { exitCode, stdout } = await verifyFolder(files, "--head", cutOff.manifest.sha256);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("is there; 0 runs follow it, and the head is of another chain");
  });

  test.each(["", "abc", `${"a".repeat(63)}g`, "a".repeat(65), "https://hooks.example.com/s3cret"])(
    "refuses %j",
    async (head) => {
      const { exitCode, stdout, stderr } = await verifyFolder(filesOf(CHAIN), "--head", head);
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
      expect(stderr).toMatch(/^flowlog-guard: --head: is not the SHA-256 of a manifest/);
      expect(stderr).not.toContain("s3cret");
    },
  );
});

test("what is odd is printed as notes, of many the first five", async () => {
  const files = filesOf(CHAIN);
  for (let at = 0; at < 7; at += 1) files.set(`note-${at}.txt`, "x");
  const { exitCode, stdout } = await verifyFolder(files);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("  note: note-4.txt: is nothing that flowlog-guard writes\n");
  expect(stdout).toContain("  and 2 more notes: see them with --verbose\n");
  expect((await verifyFolder(files, "-v")).stdout).toContain("note-6.txt");
});

describe("what cannot be verified ends with 3", () => {
  test("no evidence is configured", async () => {
    const { exitCode, stdout, stderr } = await runMain(["verify"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toBe(
      "flowlog-guard: evidence: none is configured. Set FLOWLOG_GUARD_EVIDENCE, or evidence in the configuration file.\n",
    );
  });

  test("nothing is kept", async () => {
    const { exitCode, stdout, stderr } = await verifyFolder(new Map());
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/^flowlog-guard: Nothing is kept at file:.*\. Check the address/);
    const lonely = await verifyFolder(new Map([[R0.reportName, R0.reportText]]));
    expect(lonely.exitCode).toBe(3);
    expect(lonely.stderr).toContain("No manifest of a run is kept at ");
  });

  test("there is no such folder", async () => {
    const { exitCode, stderr } = await runMain(["verify"], {
      FLOWLOG_GUARD_EVIDENCE: "file:/nowhere/evidence",
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("There is no folder /nowhere/evidence/, where evidence is kept.");
  });

  test.each([["ListObjects"], ["GET"]])("%s is denied", async (denied) => {
    const { exitCode, stdout, stderr } = await verifyBucket(filesOf(CHAIN), { denied: [denied] });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("Access denied to the evidence in guard-bucket");
  });

  test("a report is a link, which can point to anything", async () => {
    await using kept = await folderWith(without(R2.reportName));
    await writeFile(join(kept.path, "elsewhere"), R2.reportText);
    await symlink(join(kept.path, "elsewhere"), join(kept.path, R2.reportName));
    const { exitCode, stdout, stderr } = await runMain(["verify"], {
      FLOWLOG_GUARD_EVIDENCE: `file:${kept.path}`,
    });
    expect(exitCode).toBe(3);
    expect(stdout).toContain(
      "\nNOT VERIFIED\nNot everything was read: The evidence cannot be read",
    );
    expect(stderr).toContain(`${R2.reportName} (not a regular file)`);
  });
});

test("the JSON has all that is known, and says that there is no signature", async () => {
  const { exitCode, stdout } = await verifyBucket(
    filesOf(CHAIN),
    { locked: true },
    "--format",
    "json",
  );
  expect(exitCode).toBe(0);
  const run = ({ manifest: { name, sha256 }, report: { runId, startedAt } }: MadeRun) => ({
    name,
    sha256,
    runId,
    startedAt,
  });
  expect(JSON.parse(stdout)).toEqual({
    schemaVersion: 1,
    tool: { name: "flowlog-guard", version: expect.any(String) },
    verifiedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    evidence: "oss://guard-bucket/guard/?region=cn-hangzhou",
    status: "WHOLE",
    runs: 3,
    wholeReports: 3,
    first: run(R0),
    head: run(R2),
    heldHead: null,
    hashAlgorithm: "SHA-256",
    signatureValid: null,
    validationErrors: [],
    notes: [],
    lock: { status: "LOCKED", isLocked: true, days: 30, createdAt: "2026-11-01T08:00:00.000Z" },
    unread: null,
  });
});

test("hostile names neither control a terminal nor add lines, in both formats", async () => {
  const names = ["a\u001b[31m", "b\nWHOLE: all is fine", "c\u202ejson", "__proto__", "d\ud800"];
  const files = filesOf(CHAIN);
  for (const name of names) files.set(name, "x");
  for (const format of ["table", "json"]) {
    const { exitCode, stdout } = await verifyFolder(files, "--format", format, "--verbose");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("__proto__");
    expect(["\u001b", "\u202e"].filter((mark) => stdout.includes(mark))).toEqual([]);
    expect(stdout.match(/^\s*WHOLE/gm) ?? []).toHaveLength(format === "table" ? 1 : 0);
  }
});
