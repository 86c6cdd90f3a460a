import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { parse } from "yaml";

import { ROOT } from "../bundle.ts";
import { templateText } from "./template-text.ts";

/**
 * Writes the template of the Serverless Registry: `publish.yaml`, and in `src` the project that `s init` makes.
 *
 * @param folder - is replaced
 * @param dist - folder with the built functions `check` and `audit`, without a configuration
 * @param version - of the release
 * @throws `Error` where `publish.yaml` asks for what `s.yaml` does not have
 */
export async function writeTemplate(folder: string, dist: string, version: string): Promise<void> {
  const own = join(ROOT, "deploy/serverless-devs");
  const publish = await readFile(join(own, "publish.yaml"), "utf8");
  const { Parameters } = parse(publish);
  const text = await readFile(join(ROOT, "s.yaml"), "utf8");
  const filled = templateText(text, Object.keys(Parameters.properties));

  const project = join(folder, "src");
  await rm(folder, { recursive: true, force: true });
  await mkdir(project, { recursive: true });
  await writeFile(
    join(folder, "publish.yaml"),
    publish.replace(/^Version: .*$/m, `Version: ${version}`),
  );
  await cp(join(own, "readme.md"), join(folder, "readme.md"));
  await cp(join(own, "readme.md"), join(project, "readme.md"));
  await writeFile(join(project, "s.yaml"), filled);
  await writeFile(join(project, ".gitignore"), ".env\n.s\n");
  await Promise.all(
    ["check", "audit"].map((name) =>
      cp(join(dist, name), join(project, "dist", name), { recursive: true }),
    ),
  );
}
