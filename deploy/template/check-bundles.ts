import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

import { functionsOf, type Template } from "./template-schema.ts";

/** The bundle, and the side files that it loads on first use. */
const PART_OF_BUNDLE = /^(lazy[\\/](@?[\w-]+[\\/])*)?[\w-]+\.js$/;

/** Says which handlers are missing from a build, and which other files would be uploaded with it. */
export function problemsOfBundles(template: Template, distDir: string): string[] {
  return functionsOf(template).flatMap(([path, { code, handler }]) => {
    const dir = join(distDir, code.replace("./dist/", ""));
    if (!existsSync(dir)) return [`${path}.code: ${code} is not there after the build`];
    const [module = "", name = ""] = handler.split(".");
    const problems = hasFunction(join(dir, `${module}.js`), name)
      ? []
      : [`${path}.handler: ${handler} is not in ${code}`];
    for (const file of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (
        file.isDirectory() ||
        PART_OF_BUNDLE.test(relative(dir, join(file.parentPath, file.name)))
      )
        continue;
      problems.push(`${path}.code: ${code} holds ${file.name}, which would be uploaded too`);
    }
    return problems;
  });
}

function hasFunction(path: string, name: string): boolean {
  try {
    const exports: unknown = createRequire(import.meta.url)(path);
    return typeof Object.entries(Object(exports)).find(([key]) => key === name)?.[1] === "function";
  } catch {
    return false;
  }
}
