import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Metafile } from "esbuild";

import { APACHE_LICENSE, KNOWN_PACKAGES, standardText } from "./known-packages.ts";

/** An npm package of which a bundle holds code. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** Its licence files, and its notices where it has any. */
  readonly text: string;
}

/** A package that may not be bundled as it is. */
export class LicenseError extends Error {
  override readonly name = "LicenseError";
}

/** The licences under which a package may be bundled: each only asks that its text goes along. */
const ALLOWED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MIT OR Apache-2.0",
]);

const LEGAL_FILE = /^(?:licen[cs]e|copying|notice)(?:$|[.-](?!(?:[cm]?js|json|ts)$))/i;
const FOLDER = "node_modules/";

/**
 * Lists the folders of the packages that a build's outputs hold code of.
 *
 * @returns folders as esbuild names them: relative to the build's working folder, with slashes
 */
export function packageFoldersOf({ outputs }: Pick<Metafile, "outputs">): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const start = path.lastIndexOf(FOLDER) + FOLDER.length;
      if (bytesInOutput === 0 || !path.includes(FOLDER)) continue;
      const [scope = "", name = ""] = path.slice(start).split("/");
      folders.add(path.slice(0, start) + (scope.startsWith("@") ? `${scope}/${name}` : scope));
    }
  }
  return folders;
}

/**
 * Reads name, version and licence of packages.
 *
 * @param root - what the folders are relative to
 * @returns each version of a package once, in the order of their names
 * @throws {@link LicenseError} when a package has no licence text, or a licence that is not expected
 */
export async function readPackages(
  root: string,
  folders: ReadonlySet<string>,
): Promise<readonly BundledPackage[]> {
  const all = await Promise.all([...folders].map((folder) => readPackage(join(root, folder))));
  const byId = new Map(all.map((one) => [`${one.name}@${one.version}`, one]));
  return [...byId.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const {
    name,
    version,
    license: declared,
  } = readManifest(folder, await readFile(join(folder, "package.json"), "utf8"));
  const known = KNOWN_PACKAGES[name];
  if (known !== undefined && known.declared !== declared) {
    throw new LicenseError(
      `${name} ${version} now declares the licence ${declared}, not ${known.declared}: look at it again in scripts/licenses/known-packages.ts.`,
    );
  }
  const license = known?.license ?? declared;
  if (!ALLOWED.has(license)) {
    throw new LicenseError(
      `${name} ${version} has the licence ${license}, which is not among those that may be bundled: ${[...ALLOWED].join(", ")}. Read it, then add it to scripts/licenses/bundled-packages.ts, or do without the package.`,
    );
  }
  const files = (await readdir(folder)).filter((file) => LEGAL_FILE.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const text = texts.map((one) => one.replaceAll("\r\n", "\n").trim()).join("\n\n");
  if (text !== "") return { name, version, license, text };
  if (known?.holder === undefined) {
    throw new LicenseError(
      `${name} ${version} is bundled but has no file with its licence: add it to scripts/licenses/known-packages.ts with the holder of its copyright.`,
    );
  }
  const standard =
    license === "Apache-2.0"
      ? `${known.holder}\n\n${(await readFile(APACHE_LICENSE, "utf8")).trim()}`
      : standardText(license, known.holder);
  return { name, version, license, text: standard };
}

function readManifest(
  folder: string,
  text: string,
): { readonly name: string; readonly version: string; readonly license: string } {
  const manifest: unknown = JSON.parse(text);
  if (
    typeof manifest !== "object" ||
    manifest === null ||
    !("name" in manifest && typeof manifest.name === "string") ||
    !("version" in manifest && typeof manifest.version === "string")
  ) {
    throw new LicenseError(`${folder}/package.json has no name and version.`);
  }
  const license: unknown = "license" in manifest ? manifest.license : undefined;
  return {
    name: manifest.name,
    version: manifest.version,
    license: typeof license === "string" ? license : JSON.stringify(license ?? null),
  };
}
