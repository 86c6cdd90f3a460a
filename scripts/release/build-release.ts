import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { buildAll } from "../build.ts";
import { ROOT } from "../bundle.ts";
import { LICENSES_FILE, renderLicenses } from "../licenses/third-party-licenses.ts";
import { writeTemplate } from "../serverless-devs/write-template.ts";
import { sectionsOf } from "./changelog.ts";
import type { Released } from "./released.ts";
import { writeSbom } from "./sbom.ts";
import { zipFolder } from "./zip-folder.ts";

/** What npm packs beside the build. */
const DOCUMENTS = /^(?:README(?:\.[\w-]+)?\.md|LICENSE|CHANGELOG\.md)$/;

/**
 * Builds the files of a release: the npm package, a zip of each function without a configuration, the
 * template of the Serverless Registry, the SBOM, the notes and the checksums of all.
 *
 * @param folder - is replaced, once all files are there
 */
export async function buildRelease(folder: string, released: Released): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const out = join(work, "out");
    await mkdir(out);
    await writeFiles(out, work, released);
    await rm(folder, { recursive: true, force: true });
    await rename(out, folder);
  } finally {
    await rm(work, { recursive: true });
  }
}

async function writeFiles(out: string, work: string, released: Released): Promise<void> {
  const { version } = released;
  const dist = join(work, "package/dist");
  const packages = await buildAll(dist, null);
  const license = await readFile(`${ROOT}LICENSE`, "utf8");
  for (const name of ["check", "audit"] as const) {
    const zip = await zipFolder(join(dist, name), {
      LICENSE: license,
      [LICENSES_FILE]: renderLicenses(packages[name]),
    });
    await writeFile(join(out, `flowlog-guard-${name}-${version}.zip`), zip);
  }
  const project = join(work, "serverless-devs");
  await writeTemplate(project, dist, version);
  await writeFile(
    join(out, `flowlog-guard-serverless-devs-${version}.zip`),
    await zipFolder(project, { LICENSE: license }),
  );
  await packNpm(join(work, "package"), out, released);
  await writeFile(join(out, `flowlog-guard-${version}.cdx.json`), writeSbom(released, packages));
  const sections = sectionsOf(await readFile(`${ROOT}CHANGELOG.md`, "utf8"));
  const notes = sections.find((section) => section.version === version)?.body;
  if (notes === undefined) throw new Error(`CHANGELOG.md has no section of ${version}.`);
  await writeFile(join(out, "release-notes.md"), `${notes}\n`);

  const sums: string[] = [];
  for (const name of (await readdir(out)).toSorted()) {
    const sum = createHash("sha256").update(await readFile(join(out, name)));
    sums.push(`${sum.digest("hex")}  ${name}\n`);
  }
  await writeFile(join(out, "SHA256SUMS"), sums.join(""));
}

/** Packs a folder with the build, after putting beside it what else belongs to the package. */
async function packNpm(
  folder: string,
  out: string,
  { repository }: Pick<Released, "repository">,
): Promise<void> {
  for (const name of await readdir(ROOT)) {
    if (DOCUMENTS.test(name)) await cp(join(ROOT, name), join(folder, name));
  }
  const manifest: unknown = JSON.parse(await readFile(`${ROOT}package.json`, "utf8"));
  const filled = {
    ...(manifest as Readonly<Record<string, unknown>>),
    homepage: `${repository}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: "git", url: `git+${repository}.git` },
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(filled, null, 2)}\n`);
  // npm packs what the maintainer's umask made of them. It makes those of "bin" executable itself.
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o644);
  }
  // The scripts would build again, with the checkout's own configuration.
  const args = ["pack", "--ignore-scripts", "--pack-destination", out];
  await promisify(execFile)("npm", args, { cwd: folder });
}
