import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Another version of Node, where `.ci/run` put one.
 *
 * @param major - such as 22
 * @returns the path of its binary; null where there is none
 */
export function otherNode(major: number): string | null {
  const { platform, arch } = process;
  const binary = `.ci/node/${major}/node_modules/node-${platform}-${arch}/bin/node`;
  const path = fileURLToPath(new URL(`../../${binary}`, import.meta.url));
  return existsSync(path) ? path : null;
}
