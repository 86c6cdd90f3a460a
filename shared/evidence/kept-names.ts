import { groupBy } from "../audit/group-by.ts";
import { MANIFEST_SUFFIX, REPORT_SUFFIX } from "./manifest.ts";

/** What remembers the head of the chain in a folder of evidence; the names of its leases begin with it. */
export const CHAIN_DOCUMENT = "chain.json";

/** A file that was being written when a run was killed. */
const TEMPORARY = /^(.*\/)?\.flowlog-guard-[0-9a-f-]{36}\.tmp$/s;

/** The names of kept files, by what they are. */
export interface KeptNames {
  readonly manifests: readonly string[];
  readonly reports: readonly string[];
  /** Neither of these, and nothing that this program leaves. */
  readonly unknown: readonly string[];
}

/** Sorts the names of kept files. The console of OSS makes an object with a slash at its end for a folder. */
export function sortNames(names: readonly string[]): KeptNames {
  const kinds = groupBy(names, (name) => {
    if (name.endsWith(MANIFEST_SUFFIX)) return "manifest";
    if (name.endsWith(REPORT_SUFFIX)) return "report";
    const isOwn = name.startsWith(CHAIN_DOCUMENT) || TEMPORARY.test(name);
    return name === "" || name.endsWith("/") || isOwn ? "own" : "unknown";
  });
  return {
    manifests: kinds.get("manifest") ?? [],
    reports: kinds.get("report") ?? [],
    unknown: kinds.get("unknown") ?? [],
  };
}
