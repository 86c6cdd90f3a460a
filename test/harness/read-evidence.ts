import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { type Manifest, parseManifest } from "../../shared/evidence/manifest.ts";

/** Kept evidence: texts by name, below its address. */
export type KeptEvidence = ReadonlyMap<string, string>;

/** What is kept in a folder. */
export async function evidenceIn(folder: string): Promise<KeptEvidence> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(manifest|report)\.json$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(
      paths
        .toSorted()
        .map(async (path) => [relative(folder, path), await readFile(path, "utf8")] as const),
    ),
  );
}

/** What is kept below a prefix of an emulated bucket. */
export function evidenceBelow(prefix: string, objects: ReadonlyMap<string, string>): KeptEvidence {
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  return new Map(names.map((key) => [key.slice(prefix.length), String(objects.get(key))]));
}

/** SHA-256 in hex, by nothing of the program. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A chain as its links say, from the first to the last, whatever the names are. */
export interface ReadChain {
  readonly manifests: readonly Manifest[];
  /** SHA-256 of the last manifest; null for none. */
  readonly head: string | null;
  /** The names of what is kept and not part of it. */
  readonly loose: readonly string[];
}

/**
 * Follows a chain from its first manifest, and checks every digest.
 *
 * @throws when it is not one whole chain
 */
export function readChain(kept: KeptEvidence): ReadChain {
  const rest = new Map(kept);
  const manifests: Manifest[] = [];
  let head: string | null = null;
  for (;;) {
    const next = [...rest].filter(
      ([name, text]) =>
        name.endsWith(".manifest.json") && parseManifest(text)?.previousSha256 === head,
    );
    if (next.length > 1) throw new Error(`a fork: ${next.map(([name]) => name).join(", ")}`);
    const [found] = next;
    if (found === undefined) return { manifests, head, loose: [...rest.keys()] };
    const [name, text] = found;
    const manifest = parseManifest(text);
    const report = rest.get(String(manifest?.report));
    if (manifest === null || report === undefined) throw new Error(`no report for ${name}`);
    if (sha256(report) !== manifest.reportSha256) throw new Error(`a changed report: ${name}`);
    rest.delete(name);
    rest.delete(manifest.report);
    manifests.push(manifest);
    head = sha256(text);
  }
}
