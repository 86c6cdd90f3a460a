import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

import { REPOSITORY } from "../harness/documents.ts";

/** Where `.ci/run` puts them. */
const LINTERS = join(REPOSITORY, ".ci/linters");
const ENV = {
  ...process.env,
  PATH: [join(LINTERS, "bin"), process.env["PATH"]].join(delimiter),
  PYTHONPATH: LINTERS,
  PYTHONDONTWRITEBYTECODE: "1",
};

/** The commands by which each is run, and shows that it is there. */
const COMMANDS = {
  "check-jsonschema": ["python3", "-m", "check_jsonschema"],
  zizmor: ["zizmor"],
  actionlint: ["actionlint"],
  shellcheck: ["shellcheck"],
} as const;

export type Linter = keyof typeof COMMANDS;

/** Whether a linter is there: in the folder of `.ci/run`, or on the PATH. */
export function hasLinter(linter: Linter): boolean {
  return runLinter(linter, ["--version"]).status === 0;
}

/** Runs a linter in the repository's folder. */
export function runLinter(linter: Linter, args: readonly string[], input = "") {
  const [command, ...first] = COMMANDS[linter];
  const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
    cwd: REPOSITORY,
    env: ENV,
    input,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, output: `${stdout}${stderr}` };
}
