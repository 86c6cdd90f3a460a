import { dirname } from "node:path";

import { EvidenceError } from "../../../../../shared/audit/run-error.ts";
import { fileArchive } from "../../../../../shared/evidence/file-archive.ts";
import { MANIFEST_SUFFIX, parseManifest } from "../../../../../shared/evidence/manifest.ts";
import { LARGEST_BYTES } from "../../../../../shared/evidence/size-limits.ts";
import type { TimeBudget } from "../../../../../shared/retry/time-budget.ts";
import { FileReadError } from "../../../../../shared/storage/file-reader.ts";
import { OssError } from "../../../../../shared/storage/oss-error.ts";
import {
  describeStorageAddress,
  type StorageAddress,
} from "../../../../../shared/storage/storage-address.ts";
import { bucketReader } from "../bucket-reader.ts";
import type { Check, SetUp } from "../check.ts";
import { problemOfFolder } from "../folder-problem.ts";
import { ok, type Outcome, problem, warning } from "../outcome.ts";

/** An address that keeps something. */
type KeepingAddress = Exclude<StorageAddress, { kind: "none" }>;

/** The evidence: whether what is kept can be listed, and its newest manifest read. */
export function evidenceCheck(address: KeepingAddress): Check {
  return {
    id: "evidence",
    title: "Evidence",
    needs: [address.kind === "oss" ? "identity" : "configuration"],
    run: async (setUp, within) =>
      address.kind === "file"
        ? checkFolder(address.path, within)
        : checkBucket(address, setUp, within),
  };
}

/** What is kept, to be read. */
interface Kept {
  readonly list: (within: TimeBudget) => Promise<readonly string[]>;
  readonly read: (name: string, within: TimeBudget) => Promise<Uint8Array | null>;
}

async function judge(name: string, { list, read }: Kept, within: TimeBudget): Promise<Outcome> {
  const head = (await list(within)).findLast((each) => each.endsWith(MANIFEST_SUFFIX));
  if (head === undefined) return ok(`${name} can be listed, and nothing is kept yet.`);
  return judgeHead(name, head, await read(head, within));
}

/** @param content - of the newest manifest; null where it was there a moment ago */
export function judgeHead(name: string, head: string, content: Uint8Array | null): Outcome {
  const manifest = content === null ? null : parseManifest(new TextDecoder().decode(content));
  if (manifest !== null) {
    return ok(
      `${name}: the newest run kept is of ${manifest.startedAt}. Whether the chain is whole, flowlog-guard verify says.`,
    );
  }
  return problem("EVIDENCE_DAMAGED", `${name}: ${head} cannot be read as a manifest.`, {
    fix: "See what is wrong with: flowlog-guard verify",
  });
}

async function checkFolder(path: string, within: TimeBudget): Promise<Outcome> {
  const name = `file:${path}`;
  try {
    const outcome = await judge(name, fileArchive(path, name), within);
    return (await problemOfFolder(path, "evidence")) ?? outcome;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const parent = await problemOfFolder(dirname(path), "evidence");
    return parent ?? ok(`${name} is not there yet; the first run creates it.`);
  }
}

/** Whether there is no folder. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof EvidenceError)) return false;
  const { cause } = error;
  return cause instanceof FileReadError && cause.reason === "ENOENT";
}

async function checkBucket(
  address: Extract<StorageAddress, { kind: "oss" }>,
  setUp: SetUp,
  within: TimeBudget,
): Promise<Outcome> {
  const name = describeStorageAddress(address);
  const reader = bucketReader(address, setUp, { called: "evidence", maxBytes: LARGEST_BYTES });
  const kept: Kept = {
    list: async (budget) => reader.list(budget),
    read: async (object, budget) => reader.read(object, budget),
  };
  try {
    return await judge(name, kept, within);
  } catch (error) {
    if (!(error instanceof OssError) || error.code !== "AccessDenied") throw error;
    return warning(
      "ACCESS_DENIED",
      `${name} may not be read with these credentials. To keep evidence it need not be: that takes oss:PutObject, which only writing would tell.`,
      { fix: "To read it, use an identity with the policy of: flowlog-guard policy --history" },
    );
  }
}
