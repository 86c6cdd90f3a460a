import { basename, dirname } from "node:path";

import type { TimeBudget } from "../../../../../shared/retry/time-budget.ts";
import { parseLease } from "../../../../../shared/state/lease.ts";
import { parseDocument } from "../../../../../shared/state/parse-document.ts";
import { FileReader, FileReadError } from "../../../../../shared/storage/file-reader.ts";
import { OssError } from "../../../../../shared/storage/oss-error.ts";
import { resolveLinks } from "../../../../../shared/storage/resolve-links.ts";
import {
  describeStorageAddress,
  type StorageAddress,
} from "../../../../../shared/storage/storage-address.ts";
import { bucketReader } from "../bucket-reader.ts";
import type { Check, SetUp } from "../check.ts";
import { problemOfFolder } from "../folder-problem.ts";
import { judgeState } from "../judge-state.ts";
import { type Outcome, problem, warning } from "../outcome.ts";

/** As the state is written. */
const MAX_BYTES = 32 * 1_024 * 1_024;
/** The name of the state's object in a bucket. */
const OBJECT = "state.json";

/** The state, read without a lock. Runs may write to find out what they may read; a check does not. */
export function stateCheck(address: StorageAddress): Check {
  return {
    id: "state",
    title: "State",
    needs: [address.kind === "oss" ? "identity" : "configuration"],
    run: async (setUp, within) => {
      switch (address.kind) {
        case "none":
          return warning(
            "NO_STATE",
            "None is configured, so every run notifies all that is open.",
            {
              fix: "Set FLOWLOG_GUARD_STATE, for example to file:./state.json.",
            },
          );
        case "file":
          return checkFile(address.path, setUp, within);
        case "oss":
          return checkBucket(address, setUp, within);
      }
    },
  };
}

/** What is read of a state. */
interface StateBlobs {
  readonly name: string;
  readonly document: string;
  readonly read: (name: string, within: TimeBudget) => Promise<string | null>;
}

async function judge(blobs: StateBlobs, setUp: SetUp, within: TimeBudget): Promise<Outcome> {
  const { name, document, read } = blobs;
  const parsed = parseDocument(await read(document, within));
  if (parsed.problem === null) setUp.learnt.state = parsed.state;
  const lease = await read(`${document}.lease-${parsed.state.generation + 1}`, within);
  return judgeState({
    name,
    found: parsed,
    lease: lease === null ? null : parseLease(lease),
    isLeased: lease !== null,
    nowMs: setUp.runtime.clock().getTime(),
  });
}

async function checkFile(given: string, setUp: SetUp, within: TimeBudget): Promise<Outcome> {
  const path = resolveLinks(given);
  const folder = dirname(path);
  const writable = await problemOfFolder(folder, "state");
  if (writable !== null) return writable;
  const reader = new FileReader(folder);
  try {
    return await judge(
      {
        name: `file:${given}`,
        document: basename(path),
        read: async (name) => (await reader.read(name, MAX_BYTES))?.toString("utf8") ?? null,
      },
      setUp,
      within,
    );
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    return problem("UNAVAILABLE", `${error.path} cannot be read (${error.reason}).`, {
      fix: "Check who owns it and its folder, and the path of the state.",
    });
  }
}

async function checkBucket(
  address: Extract<StorageAddress, { kind: "oss" }>,
  setUp: SetUp,
  within: TimeBudget,
): Promise<Outcome> {
  const reader = bucketReader(address, setUp, { called: "state", maxBytes: MAX_BYTES });
  const name = describeStorageAddress(address);
  let hasRead = false;
  const read = async (object: string): Promise<string | null> => {
    try {
      const content = await reader.read(object, within);
      hasRead ||= content !== null;
      return content?.toString("utf8") ?? null;
    } catch (error) {
      // Without oss:ListObjects, OSS denies what is not there.
      if (hasRead && error instanceof OssError && error.code === "AccessDenied") return null;
      throw error;
    }
  };
  try {
    return await judge({ name, document: OBJECT, read }, setUp, within);
  } catch (error) {
    if (!(error instanceof OssError) || error.code !== "AccessDenied") throw error;
    return warning(
      "ACCESS_DENIED",
      `${name}: OSS denies ${OBJECT}. Either it is not there yet, or it may not be read: without oss:ListObjects the answer is the same, and only writing would tell.`,
      {
        fix: "After the first run with --alert, check again. The least policy is printed by: flowlog-guard policy",
      },
    );
  }
}
