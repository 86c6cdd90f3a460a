import { cp, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "../../scripts/bundle.ts";

/** What git does not keep: see .gitignore. A developer's own files stay behind. */
const LEFT_BEHIND =
  /^(?:\.git|\.env|node_modules|dist|coverage|release|flowlog-guard\.ya?ml)$|\.log$/;

/**
 * Copies the present source into a folder, as a fresh checkout after `npm ci`.
 *
 * @param folder - is created
 */
export async function copyCheckout(folder: string): Promise<void> {
  for (const name of await readdir(ROOT)) {
    if (LEFT_BEHIND.test(name)) continue;
    await cp(join(ROOT, name), join(folder, name), {
      recursive: true,
      filter: (path) => !/[\\/]\.ci[\\/](?:node|python|debian)$/.test(path),
    });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
}
