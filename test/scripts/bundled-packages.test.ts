import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  LicenseError,
  packageFoldersOf,
  readPackages,
} from "../../scripts/licenses/bundled-packages.ts";
import { renderLicenses } from "../../scripts/licenses/third-party-licenses.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "flowlog-guard-licenses-"));
});
afterEach(() => rm(root, { recursive: true }));

/** Writes a package, and reads it as a build does. */
async function read(
  manifest: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
  folder = "one",
) {
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, folder, "package.json"), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(root, folder, name), text);
  }
  return readPackages(root, new Set([folder]));
}

const ONE = { name: "one", version: "1.0.0", license: "MIT" };

test("packageFoldersOf lists the innermost packages that outputs hold code of", () => {
  const inputs = {
    "shared/text/marks.ts": { bytesInOutput: 1 },
    "side-file:shared/a.ts": { bytesInOutput: 1 },
    "node_modules/one/index.js": { bytesInOutput: 1 },
    "node_modules/@scope/two/a/b.js": { bytesInOutput: 1 },
    "../above/node_modules/one/node_modules/three/index.js": { bytesInOutput: 1 },
    "node_modules/unused/index.js": { bytesInOutput: 0 },
  };
  const output = { bytes: 1, inputs, imports: [], exports: [] };
  expect([...packageFoldersOf({ outputs: { "index.js": output } })]).toEqual([
    "node_modules/one",
    "node_modules/@scope/two",
    "../above/node_modules/one/node_modules/three",
  ]);
});

describe("readPackages", () => {
  test("reads licences and notices", async () => {
    const files = { "LICENSE.md": "Licence\r\n", NOTICE: "Notice\n", "license.js": "code" };
    expect(await read(ONE, { ...files, "README.md": "x" })).toEqual([
      { ...ONE, text: expect.stringContaining("Licence\n\nNotice") },
    ]);
  });

  test("writes the text of a known package that holds none", async () => {
    const [known] = await read({ name: "copy-to", version: "2.0.1", license: "MIT" });
    expect(known?.text).toMatch(/^Copyright \(c\) dead_horse\n\nPermission is hereby granted/);
  });

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, string>>, string]>([
    ["without a text", ONE, {}, "one 1.0.0 is bundled but has no file with its licence"],
    ["with an empty text", ONE, { LICENSE: " \n" }, "has no file with its licence"],
    [
      "under an unexpected licence",
      { ...ONE, license: "GPL-3.0-only" },
      { LICENSE: "x" },
      "one 1.0.0 has the licence GPL-3.0-only, which is not among",
    ],
    [
      "without a licence",
      { name: "one", version: "1.0.0" },
      { LICENSE: "x" },
      "one 1.0.0 has the licence null",
    ],
    [
      "that is known, and now declares another",
      { name: "copy-to", version: "3.0.0", license: "ISC" },
      {},
      "copy-to 3.0.0 now declares the licence ISC, not MIT",
    ],
    ["without a version", { name: "one" }, {}, "has no name and version"],
  ])("refuses a package %s", async (_name, manifest, files, message) => {
    await expect(read(manifest, files)).rejects.toThrow(message);
    await expect(read(manifest, files)).rejects.toBeInstanceOf(LicenseError);
  });
});

test("renderLicenses names every package, and prints a text once", () => {
  const text = renderLicenses([
    { name: "a", version: "1.0.0", license: "MIT", text: "The text." },
    { name: "b", version: "2.0.0", license: "MIT", text: "The text." },
    { name: "c", version: "3.0.0", license: "ISC", text: "Another text." },
  ]);
  expect(text).toContain("these 3 packages");
  expect(text.split("The text.")).toHaveLength(2);
  expect(text).toMatch(/a 1\.0\.0 \(MIT\)\nb 2\.0\.0 \(MIT\)\n-+\n\nThe text\./);
});
