import type { EvidenceHead } from "../alerts/alert-state.ts";
import type { Report } from "../audit/report.ts";
import { EvidenceError, StateError } from "../audit/run-error.ts";
import { type DigestedDocument, digestReport } from "../report/report-digest.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { StateLock } from "../state/state-store.ts";
import type { EvidenceChain } from "./evidence-chain.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { isWholeManifest, manifestOf, reportName } from "./manifest.ts";

export interface EvidenceKeeperOptions {
  readonly store: EvidenceStore;
  readonly chain: EvidenceChain;
  /** See `Manifest.clockDifferenceMs`; asked when a manifest is made. */
  readonly clockDifferenceMs: () => number | null;
}

/** A report that is stored, and its digest. */
export interface StoredReport extends Pick<DigestedDocument, "sha256"> {
  readonly report: Report;
}

/** Whether a report became part of the chain. */
export interface ChainedReport {
  /** SHA-256 of its manifest, in hex; null where that is not known to be stored. */
  readonly manifestSha256: string | null;
  /** Why it is not; null where it is. */
  readonly problem: EvidenceError | null;
  /** The head of the chain, for every state that is saved from now on; undefined for none. */
  readonly head: EvidenceHead | undefined;
  /** Sentences about what needs attention although it was kept. */
  readonly warnings: readonly string[];
}

/**
 * Keeps reports, each chained to the one before by its manifest.
 *
 * A run may be killed at any moment, and runs side by side keep reports at the same time. So a report is
 * stored first, under a name of its own. With the lock of what remembers the head of the chain, the new
 * head is remembered together with the text of its manifest, and only then the manifest is stored. If the
 * run is killed in between, the next run stores the manifest: nothing that can be stored twice differs.
 */
export class EvidenceKeeper {
  readonly #options: EvidenceKeeperOptions;

  constructor(options: EvidenceKeeperOptions) {
    this.#options = options;
  }

  /** The evidence's address, to be shown to people. */
  get name(): string {
    return this.#options.store.name;
  }

  get chain(): EvidenceChain {
    return this.#options.chain;
  }

  /**
   * Stores a report, which takes no lock.
   *
   * @throws {@link EvidenceError} when it could not be stored
   */
  async storeReport(report: Report, within: TimeBudget): Promise<StoredReport> {
    const { store } = this.#options;
    const { text, sha256 } = digestReport(report);
    const name = reportName(report);
    if (await store.create(name, text, within)) return { report, sha256 };
    throw new EvidenceError(
      `There is already a ${name} in ${store.name}, of another run with the same id: the report of this run was not kept.`,
    );
  }

  /**
   * Makes a stored report the head of the chain.
   *
   * @param lock - of {@link EvidenceChain.store}, or of the state of the run
   */
  async chainReport(
    { report, ...digest }: StoredReport,
    lock: StateLock,
    within: TimeBudget,
  ): Promise<ChainedReport> {
    const { store, chain, clockDifferenceMs } = this.#options;
    let head = this.#headIn(lock);
    const warnings: string[] = [];
    try {
      if (head === undefined) {
        head = (await chain.findHead(within)) ?? undefined;
        warnings.push(
          head === undefined
            ? `A new chain of evidence begins in ${store.name}. ${chain.hint}`
            : `What remembers the head of the chain of evidence in ${store.name} was lost: the head was found by the manifests.`,
        );
      }
      if (head?.unconfirmed !== undefined) {
        const { name, text } = head.unconfirmed;
        await store.create(name, text, within);
      }
      const manifest = manifestOf(report, digest, head?.sha256 ?? null, clockDifferenceMs());
      const { name, text } = manifest;
      const confirmed = { address: chain.address, sha256: manifest.sha256 };
      // From here on the state may have it, also where saving fails.
      head = { ...confirmed, unconfirmed: { name, text } };
      await lock.save({ ...lock.state, evidence: head }, within);
      await store.create(name, text, within);
      return { manifestSha256: manifest.sha256, problem: null, head: confirmed, warnings };
    } catch (error) {
      if (!(error instanceof EvidenceError || error instanceof StateError)) throw error;
      return { manifestSha256: null, problem: notChained(report, error), head, warnings };
    }
  }

  /** What the state remembers of this chain. What is in a store of the chain's own is of no other one. */
  #headIn({ state: { evidence } }: StateLock): EvidenceHead | undefined {
    const { address, store } = this.#options.chain;
    if (evidence === undefined || (store === null && evidence.address !== address))
      return undefined;
    const { sha256, unconfirmed } = evidence;
    // Whoever may write there must not have this run write something else, or elsewhere.
    if (unconfirmed !== undefined && !isWholeManifest({ ...unconfirmed, sha256 })) return undefined;
    return evidence;
  }
}

/** @param cause - why a stored report did not become part of the chain */
export function notChained(report: Report, cause: EvidenceError | StateError): EvidenceError {
  return new EvidenceError(
    `The report of this run was kept as ${reportName(report)}, but not added to the chain of evidence. ${cause.message}`,
    { cause },
  );
}
