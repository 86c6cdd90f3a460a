import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { inject } from "vitest";

/** A packed command line, as a release has one. */
export interface PackedCli {
  readonly url: string;
  /** SHA-256, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Packs the command line of these tests, without packages, so that nothing is downloaded where it is
 * installed.
 *
 * @param folder - to pack in
 */
export function packCli(folder: string): PackedCli {
  const source = join(folder, "package");
  mkdirSync(source);
  cpSync(join(inject("dist"), "cli"), join(source, "cli"), { recursive: true });
  const { version, type } = JSON.parse(readFileSync(join(inject("dist"), "package.json"), "utf8"));
  const bin = { "flowlog-guard": "cli/index.js" };
  writeFileSync(
    join(source, "package.json"),
    JSON.stringify({ name: "flowlog-guard", version: version ?? "0.0.0", type, bin }),
  );
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder, source], {
    encoding: "utf8",
  });
  const [{ filename }] = JSON.parse(packed);
  const path = join(folder, filename);
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  return { url: pathToFileURL(path).href, sha256 };
}
