import { access, constants, stat } from "node:fs/promises";

import { errorCode } from "../../../../shared/text/error-code.ts";
import { type Outcome, problem } from "./outcome.ts";

/**
 * Asks the system whether files can be created in a folder, and creates none.
 *
 * @param called - what is kept there, for messages
 * @returns null where they can
 */
export async function problemOfFolder(folder: string, called: string): Promise<Outcome | null> {
  try {
    if (!(await stat(folder)).isDirectory()) return missing(folder, called);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const code = errorCode(error) ?? "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return missing(folder, called);
    return problem("UNAVAILABLE", `The ${called} cannot be written in ${folder} (${code}).`, {
      fix: "Check who owns the folder, and whether its file system is read-only.",
    });
  }
}

function missing(folder: string, called: string): Outcome {
  return problem("UNAVAILABLE", `There is no folder ${folder}, where the ${called} is kept.`, {
    fix: `Create it, or correct the path of the ${called}.`,
  });
}
