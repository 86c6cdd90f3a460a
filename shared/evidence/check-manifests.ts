import { ChainLinks } from "./chain-links.ts";
import { type Manifest, placeOf } from "./manifest.ts";
import type { KeptManifest } from "./read-manifests.ts";
import type { ChainBreak } from "./verification.ts";

/** A manifest that can be read, and is where it belongs or not. */
export interface LinkedManifest extends Manifest {
  readonly name: string;
  readonly sha256: string;
}

/** What the manifests alone show. */
export interface CheckedManifests {
  readonly links: ChainLinks<LinkedManifest>;
  /** Those whose names are right, in the order of time: their reports can be looked for. */
  readonly placed: readonly LinkedManifest[];
  readonly breaks: readonly ChainBreak[];
}

/**
 * Checks that each manifest can be read, is where it belongs, and is linked to one that is there.
 *
 * @param kept - in the order of the names
 */
export function checkManifests(kept: readonly KeptManifest[]): CheckedManifests {
  const linked = kept.flatMap(({ name, sha256, manifest }) =>
    manifest === null ? [] : [{ ...manifest, name, sha256 }],
  );
  const links = new ChainLinks(linked);
  // Compared with a name that was listed, so that a manifest cannot have a file elsewhere read as its report.
  const placed = linked.filter((manifest) => placeOf(manifest) === manifest.name);
  return {
    links,
    placed,
    breaks: [
      ...kept.flatMap(({ name, sha256, manifest }): ChainBreak[] =>
        manifest === null
          ? [{ code: "MANIFEST_UNREADABLE", name, expected: null, actual: sha256 }]
          : [],
      ),
      ...linked.flatMap((manifest): ChainBreak[] => {
        const { name } = manifest;
        const expected = placeOf(manifest);
        return expected === name
          ? []
          : [{ code: "MANIFEST_MISPLACED", name, expected, actual: name }];
      }),
      ...kept.flatMap(({ name, sha256, manifest, canonicalSha256 }): ChainBreak[] =>
        manifest === null || sha256 === canonicalSha256
          ? []
          : [{ code: "MANIFEST_CHANGED", name, expected: canonicalSha256, actual: sha256 }],
      ),
      ...missingBefore(linked, links),
      ...links.inCycle.map(({ name, previousSha256 }): ChainBreak => ({
        code: "CYCLE",
        name,
        expected: null,
        actual: previousSha256,
      })),
    ],
  };
}

/** Those that name one which is not there, each with the last before it that none names. */
function missingBefore(
  linked: readonly LinkedManifest[],
  links: ChainLinks<LinkedManifest>,
): ChainBreak[] {
  const withoutPrevious = new Set(links.withoutPrevious);
  const ends = new Set(links.ends);
  let lastBefore: string | undefined;
  return linked.flatMap((manifest): ChainBreak[] => {
    const { name, previousSha256: expected } = manifest;
    const known = lastBefore === undefined ? {} : { lastBefore };
    if (ends.has(manifest)) lastBefore = name;
    return withoutPrevious.has(manifest)
      ? [{ code: "PREVIOUS_MISSING", name, expected, actual: null, ...known }]
      : [];
  });
}
