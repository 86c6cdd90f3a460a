import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import ignore from "@balena/dockerignore";
import { Copy, DockerfileParser, type Instruction } from "dockerfile-ast";

import { runNode } from "./run-process.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
export const DOCKERFILE = readFileSync(join(REPOSITORY, "Dockerfile"), "utf8");

/** The instructions of the Dockerfile. */
export const INSTRUCTIONS: readonly Instruction[] =
  DockerfileParser.parse(DOCKERFILE).getInstructions();

/** The arguments of each instruction of a kind, as written, from the last stage. */
export function inLastStage(keyword: string): string[] {
  const last = INSTRUCTIONS.findLastIndex((instruction) => instruction.getKeyword() === "FROM");
  return INSTRUCTIONS.slice(last)
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getRawArgumentsContent() ?? "");
}

/** The variables that an image sets. */
export function imageEnv(): Record<string, string> {
  const pairs = inLastStage("ENV").flatMap((text) => text.split(/\s*\\?\n?\s+/));
  return Object.fromEntries(pairs.map((pair) => pair.split("=", 2)));
}

/** The words of ENTRYPOINT, CMD or HEALTHCHECK in their form without a shell. */
export function execForm(keyword: string): string[] {
  const [text = ""] = inLastStage(keyword);
  return JSON.parse(text.slice(text.indexOf("["))) as string[];
}

/**
 * The files that a build is given: those of a folder that `.dockerignore` does not leave out.
 *
 * @param paths - from the folder's root
 */
export function inBuildContext(paths: readonly string[]): string[] {
  const rules = readFileSync(join(REPOSITORY, ".dockerignore"), "utf8");
  return ignore
    .default()
    .add(rules)
    .filter([...paths]);
}

/** The stage that a COPY names; null for the build context, and for other instructions. */
export function fromOf(instruction: Instruction): string | null {
  return instruction instanceof Copy ? (instruction.getFromFlag()?.getValue() ?? null) : null;
}

/** The files of the image, as its build leaves them. */
export interface BuiltImage extends AsyncDisposable {
  /** The folder that is `/` of the image; of the base image it has nothing. */
  readonly root: string;
}

/**
 * Executes the COPY and RUN steps of the Dockerfile, but for those that concern the base image: the
 * packages that `npm ci` installs are those of the repository.
 */
export async function buildImage(): Promise<BuiltImage> {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-image-"));
  const context = join(folder, "context");
  const skipped = new Set(["node_modules", ".git", ".ci"]);
  const files = readdirSync(REPOSITORY, { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(REPOSITORY, entry.name), { recursive: true, withFileTypes: true })
            .filter((below) => below.isFile())
            .map(({ parentPath, name }) => relative(REPOSITORY, join(parentPath, name)))
        : [entry.name],
    );
  for (const file of inBuildContext(files)) {
    await cp(join(REPOSITORY, file), join(context, file));
  }

  let stage = "";
  let workdir = "/";
  for (const instruction of INSTRUCTIONS) {
    const words = (instruction.getRawArgumentsContent() ?? "").split(" ");
    const from = fromOf(instruction);
    const target = words.at(-1) ?? "";
    switch (instruction.getKeyword()) {
      case "FROM":
        stage = join(folder, words[1] === "AS" ? target : "image");
        break;
      case "WORKDIR":
        workdir = target;
        await mkdir(join(stage, workdir), { recursive: true });
        break;
      case "COPY":
        for (const source of words.slice(0, -1)) {
          const path = from === null ? join(context, source) : join(folder, from, source);
          const into = target.endsWith("/") ? join(target, source.split("/").at(-1) ?? "") : target;
          await cp(path, join(stage, workdir, into), { recursive: true });
        }
        break;
      case "RUN":
        await runStep(words.join(" "), join(stage, workdir));
    }
  }
  return {
    root: join(folder, "image"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function runStep(command: string, cwd: string): Promise<void> {
  if (command.startsWith("npm ci ")) {
    await symlink(join(REPOSITORY, "node_modules"), join(cwd, "node_modules"));
  } else if (command === "npm run build") {
    const npm = join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
    const { PATH = "" } = process.env;
    const args = existsSync(npm)
      ? [npm, "run", "build"]
      : ["node_modules/.bin/tsx", "scripts/build.ts"];
    const { exitCode, stderr } = await runNode(args, { env: { PATH }, cwd });
    if (exitCode !== 0) throw new Error(stderr);
  } else if (!command.startsWith("rm -rf /usr/local/lib/node_modules")) {
    throw new Error(`The test does not know this step: ${command}`);
  }
}
