import { type OssEmulator, type OssSeed, startOss } from "../emulator/oss.ts";
import { OSS_SEED } from "./emulated-bucket.ts";
import { evidenceBelow, type ReadChain, readChain } from "./read-evidence.ts";

/** A bucket for evidence, at the address of a bucket for the state. */
export interface EvidenceBucket extends AsyncDisposable {
  /** Where both buckets are reached. */
  readonly oss: OssEmulator;
  readonly vault: OssEmulator;
  /** Their addresses, as `keepRun` takes them. */
  readonly evidence: string;
  readonly state: string;
  /** What is kept; see {@link readChain}. */
  readonly chain: () => ReadChain;
}

/**
 * Starts a bucket as evidence should have one: locked, and the identity may create objects and nothing
 * else.
 */
export async function startEvidenceBucket(
  vaultSeed: Partial<OssSeed> = {},
  stateSeed: Partial<OssSeed> = {},
): Promise<EvidenceBucket> {
  const vault = await startOss({
    ...OSS_SEED,
    bucket: "guard-evidence",
    locked: true,
    denied: ["GET", "DELETE", "ListObjects", "GetBucketWorm"],
    ...vaultSeed,
  });
  const oss = await startOss({ ...OSS_SEED, beside: [vault], ...stateSeed });
  return {
    oss,
    vault,
    evidence: "oss://guard-evidence/kept/",
    state: `oss://${OSS_SEED.bucket}/guard/`,
    chain: () => readChain(evidenceBelow("kept/", vault.objects)),
    async [Symbol.asyncDispose]() {
      await Promise.all([oss, vault].map((part) => part[Symbol.asyncDispose]()));
    },
  };
}
