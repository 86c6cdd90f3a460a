import pMap from "p-map";

import { EvidenceError } from "../audit/run-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import { type CheckedManifests, checkManifests, type LinkedManifest } from "./check-manifests.ts";
import { checkReport } from "./check-report.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import { sortNames } from "./kept-names.ts";
import { manifestName } from "./manifest.ts";
import { readManifests } from "./read-manifests.ts";
import type {
  BreakCode,
  ChainBreak,
  ChainNote,
  ChainRun,
  HeldHead,
  LockReading,
  Verification,
} from "./verification.ts";

/** Reports of many accounts take tens of megabytes each, and a checked one is not kept. */
const REPORTS_AT_ONCE = 4;

export interface VerifyOptions {
  /** The SHA-256 of a manifest that a second party holds, in lower-case hex; null for none. */
  readonly heldSha256: string | null;
  /** Called when the number of reports is known, and after each of them. */
  readonly onProgress?: (checked: number, total: number) => void;
}

/**
 * Checks a chain of kept evidence and every report in it, trusting nothing but the bytes that are there and
 * the digest that a second party holds.
 *
 * Evidence may be kept meanwhile: a run that began after the list was made is not looked at.
 *
 * @throws {@link EvidenceError} when the manifests cannot be read. A report that cannot be read is in the outcome.
 */
export async function verifyChain(
  archive: EvidenceArchive,
  { heldSha256, onProgress = () => {} }: VerifyOptions,
  within: TimeBudget,
): Promise<Verification> {
  const names = await archive.list(within);
  const checked = await readChain(archive, names, within);
  const { links, placed } = checked;
  const reports = await checkReports(archive, placed, onProgress, within);
  const head = links.ends.at(-1) ?? null;
  const heldHead = heldSha256 === null ? null : describeHeld(heldSha256, head, checked);
  const missing: ChainBreak[] =
    heldHead === null || heldHead.run !== null
      ? []
      : [{ code: "HEAD_MISSING", name: null, expected: heldHead.sha256, actual: null }];
  return {
    evidence: archive.name,
    runs: links.size,
    wholeReports: reports.whole,
    first: runOf(links.first),
    head: runOf(head),
    heldHead,
    breaks: [...[...checked.breaks, ...reports.breaks].toSorted(inOrderOfTime), ...missing],
    notes: notesOf(names, checked, head),
    lock: await readLock(archive, within),
    unread: reports.unread,
  };
}

/** A manifest can be listed before one that it names; so what is missing is looked for once more. */
async function readChain(
  archive: EvidenceArchive,
  names: readonly string[],
  within: TimeBudget,
): Promise<CheckedManifests> {
  const kept = await readManifests(archive, names, within);
  const checked = checkManifests(kept);
  if (checked.links.withoutPrevious.length === 0) return checked;
  const known = new Set(names);
  const added = (await archive.list(within)).filter((name) => !known.has(name));
  const more = await readManifests(archive, added, within);
  return checkManifests(
    [...kept, ...more].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  );
}

/** The outcome of the reports. After one that cannot be read, no further ones are. */
interface CheckedReports {
  readonly whole: number;
  readonly breaks: readonly ChainBreak[];
  readonly unread: string | null;
}

async function checkReports(
  archive: EvidenceArchive,
  manifests: readonly LinkedManifest[],
  onProgress: (checked: number, total: number) => void,
  within: TimeBudget,
): Promise<CheckedReports> {
  const breaks: ChainBreak[] = [];
  let whole = 0;
  onProgress(0, manifests.length);
  const check = async (manifest: LinkedManifest): Promise<void> => {
    const found = await checkReport(archive, manifest, within);
    if (found === null) whole += 1;
    else breaks.push(found);
    onProgress(whole + breaks.length, manifests.length);
  };
  try {
    await pMap(manifests, check, { concurrency: REPORTS_AT_ONCE });
    return { whole, breaks, unread: null };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return { whole, breaks, unread: error.message };
  }
}

function describeHeld(
  sha256: string,
  head: LinkedManifest | null,
  { links, placed }: CheckedManifests,
): HeldHead {
  const held = links.get(sha256);
  const followers = held === null ? new Set<LinkedManifest>() : links.followers(held);
  return {
    sha256,
    run: runOf(held),
    leadsToHead: head !== null && (held === head || followers.has(head)),
    runsAfter: followers.size,
    isOfReport: placed.some(({ reportSha256 }) => reportSha256 === sha256),
  };
}

function notesOf(
  names: readonly string[],
  { links }: CheckedManifests,
  head: LinkedManifest | null,
): ChainNote[] {
  const { manifests, reports, unknown } = sortNames(names);
  const known = new Set(manifests);
  const noteOf = (code: ChainNote["code"]) => {
    return ({ name }: { readonly name: string }): ChainNote => ({ code, name });
  };
  return [
    ...links.ends.filter((end) => end !== head).map(noteOf("NOT_LINKED")),
    ...links.beginnings.slice(1).map(noteOf("BEGINNING")),
    ...reports
      .filter((name) => !known.has(manifestName(name)))
      .map((name) => ({ code: "REPORT_WITHOUT_MANIFEST" as const, name })),
    ...unknown.map((name) => ({ code: "UNKNOWN_FILE" as const, name })),
  ];
}

/** What is said of the lock is beside the chain: without the permission to read it, the chain is checked. */
async function readLock(archive: EvidenceArchive, within: TimeBudget): Promise<LockReading> {
  try {
    const lock = await archive.lock(within);
    if (lock === null) return { status: "NOT_LOCKED" };
    return { status: lock.isLocked ? "LOCKED" : "IN_PROGRESS", lock };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return { status: "UNREADABLE", message: error.message };
  }
}

/** Of one run, its manifest is before its report. */
const ORDER: Record<BreakCode, number> = {
  MANIFEST_UNREADABLE: 0,
  MANIFEST_MISPLACED: 1,
  MANIFEST_CHANGED: 2,
  MANIFEST_DIFFERS: 3,
  PREVIOUS_MISSING: 4,
  CYCLE: 5,
  REPORT_MISSING: 6,
  REPORT_CHANGED: 7,
  REPORT_OF_ANOTHER_RUN: 8,
  HEAD_MISSING: 9,
};

function inOrderOfTime(one: ChainBreak, other: ChainBreak): number {
  const [mine, yours] = [one, other].map(({ name }) => runPart(name ?? ""));
  if (mine === yours || mine === undefined || yours === undefined) {
    return ORDER[one.code] - ORDER[other.code];
  }
  return mine < yours ? -1 : 1;
}

/** The part of a name that a report and its manifest have in common. */
function runPart(name: string): string {
  return name.replace(/\.(manifest|report)\.json$/, "");
}

function runOf(manifest: LinkedManifest | null): ChainRun | null {
  if (manifest === null) return null;
  const { name, sha256, runId, startedAt } = manifest;
  return { name, sha256, runId, startedAt };
}
