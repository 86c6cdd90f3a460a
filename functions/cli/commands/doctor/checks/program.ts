import process from "node:process";

import { TOOL } from "../../../../../shared/program/tool.ts";
import type { Check } from "../check.ts";
import { ok, type Outcome, problem, warning } from "../outcome.ts";

/** The oldest major version of Node.js that package.json allows. */
const OLDEST_NODE = 20;
/** The newest one that the program was tried with. */
const NEWEST_TRIED_NODE = 24;

/** The program itself, and the Node.js that runs it. */
export const program: Check = {
  id: "program",
  title: "Program",
  run: async () => judgeNode(process.versions.node),
};

/** @param version - of Node.js, such as `20.19.4` */
export function judgeNode(version: string): Outcome {
  const both = `${TOOL.name} ${TOOL.version} on Node.js ${version}`;
  const major = Number(version.split(".")[0]);
  if (major < OLDEST_NODE) {
    return problem("NODE_TOO_OLD", `${both}, which is too old.`, {
      fix: `Install Node.js ${OLDEST_NODE} or later.`,
    });
  }
  return major > NEWEST_TRIED_NODE
    ? warning("NODE_NOT_TRIED", `${both}, which this version was not tried with.`, {
        fix: `Where something fails, use Node.js ${NEWEST_TRIED_NODE}.`,
      })
    : ok(`${both}.`);
}
