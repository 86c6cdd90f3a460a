import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { load } from "js-yaml";

interface Step {
  readonly id?: string;
  readonly shell: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

interface CompositeAction {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export interface ActionRun {
  /** That of the first step that failed, else 0. */
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the runner shows: commands are carried out, and masked values are stars. */
  readonly log: string;
  /** The log before it is masked. */
  readonly rawLog: string;
  /** The part of it in which no command is obeyed. */
  readonly stopped: string;
  /** `error: text`, `warning: text`. */
  readonly annotations: readonly string[];
  /** The values that are masked from then on, in this step and later ones. */
  readonly masks: readonly string[];
  readonly summary: string;
}

export interface ActionJob {
  /** The folder of the action, as the runner has checked it out. */
  readonly actionPath: string;
  /** `with` of the workflow's step. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** `env` of the job. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the job, in which its steps run. */
  readonly workspace: string;
  /** The temporary folder of the job. */
  readonly temp: string;
  /** Steps that are left out. */
  readonly without?: readonly string[];
}

/**
 * Runs the steps of a composite action as the runner of GitHub Actions does: expressions in `env`,
 * bash with its flags, the files of the runner, workflow commands and masks.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
 */
export async function runCompositeAction(job: ActionJob): Promise<ActionRun> {
  const action = load(readFileSync(join(job.actionPath, "action.yml"), "utf8")) as CompositeAction;
  if (action.runs.using !== "composite") throw new Error("the action is not composite");
  const files = mkdtempSync(join(tmpdir(), "flowlog-guard-runner-"));
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: fallback = "" }]) => [
      name,
      job.inputs?.[name] ?? fallback,
    ]),
  );
  for (const name of Object.keys(job.inputs ?? {})) {
    if (!Object.hasOwn(inputs, name)) throw new Error(`the action has no input ${name}`);
  }
  const steps: Record<string, Record<string, string>> = {};
  const output = new RunnerOutput();
  let exitCode: number | null = 0;
  let summary = "";
  try {
    for (const [at, step] of action.runs.steps.entries()) {
      if (job.without?.includes(step.id ?? "") === true) continue;
      if (step.shell !== "bash") throw new Error("only bash is known here");
      const folder = join(files, String(at));
      mkdirSync(folder);
      for (const name of ["output", "summary", "env", "path", "state"]) {
        writeFileSync(join(folder, name), "");
      }
      const script = join(folder, "step.sh");
      writeFileSync(script, step.run);
      const env = Object.entries(step.env ?? {}).map(([name, value]) => [
        name,
        evaluate(value, { inputs, steps }),
      ]);
      const ran = await runBash(script, job.workspace, {
        ...job.env,
        GITHUB_ACTIONS: "true",
        GITHUB_ACTION_PATH: job.actionPath,
        GITHUB_WORKSPACE: job.workspace,
        GITHUB_OUTPUT: join(folder, "output"),
        GITHUB_STEP_SUMMARY: join(folder, "summary"),
        GITHUB_ENV: join(folder, "env"),
        GITHUB_PATH: join(folder, "path"),
        GITHUB_STATE: join(folder, "state"),
        RUNNER_TEMP: job.temp,
        ...Object.fromEntries(env),
      });
      output.read(ran.output);
      summary += readFileSync(join(folder, "summary"), "utf8");
      for (const name of ["env", "path", "state"]) {
        if (readFileSync(join(folder, name), "utf8") !== "") throw new Error(`GITHUB_${name} set`);
      }
      if (step.id !== undefined) {
        steps[step.id] = readOutputs(readFileSync(join(folder, "output"), "utf8"));
      }
      exitCode = ran.exitCode;
      if (exitCode !== 0) break;
    }
  } finally {
    rmSync(files, { recursive: true });
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    evaluate(value, { inputs, steps }),
  ]);
  return {
    exitCode,
    outputs: Object.fromEntries(outputs),
    log: output.masked(),
    rawLog: output.text,
    stopped: output.stopped,
    annotations: output.annotations,
    masks: output.masks,
    summary,
  };
}

interface Contexts {
  readonly inputs: Readonly<Record<string, string>>;
  readonly steps: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Evaluates the expressions of a value: references only. */
function evaluate(value: string, { inputs, steps }: Contexts): string {
  return value.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const [, input] = /^inputs\.([\w-]+)$/.exec(expression.trim()) ?? [];
    if (input !== undefined && Object.hasOwn(inputs, input)) return String(inputs[input]);
    const [, step, name] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression.trim()) ?? [];
    if (step !== undefined && name !== undefined) return steps[step]?.[name] ?? "";
    throw new Error(`unknown expression: ${expression}`);
  });
}

/** Reads the file of `GITHUB_OUTPUT`: `name=value`, or `name<<end`, lines and the end. */
function readOutputs(file: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = file.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    if (line === "") continue;
    const [, block, end] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (block !== undefined) {
      const at = lines.indexOf(String(end));
      if (at === -1) throw new Error(`${block} has no end`);
      outputs[block] = lines
        .splice(0, at + 1)
        .slice(0, -1)
        .join("\n");
    } else if (name !== undefined) outputs[name] = String(value);
    else throw new Error(`not an output: ${line}`);
  }
  return outputs;
}

async function runBash(script: string, cwd: string, env: Readonly<Record<string, string>>) {
  // What the runner runs for `shell: bash`.
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit,
  ]);
  return { exitCode, output: stdout + stderr };
}

/** What steps print, and the commands in it. */
class RunnerOutput {
  text = "";
  stopped = "";
  readonly annotations: string[] = [];
  readonly masks: string[] = [];

  read(output: string): void {
    let resume: string | null = null;
    for (const line of output.split("\n")) {
      const [, name = "", data = ""] = /^::([\w-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
      const value = data.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
      if (resume !== null) {
        if (name === resume) resume = null;
        else {
          this.text += `${line}\n`;
          this.stopped += `${line}\n`;
        }
      } else if (name === "add-mask") this.masks.push(value);
      else if (name === "stop-commands") resume = value;
      else if (name === "error" || name === "warning") this.annotations.push(`${name}: ${value}`);
      else if (name === "") this.text += `${line}\n`;
      else throw new Error(`a command that the action must not give: ${line}`);
    }
  }

  masked(): string {
    return this.masks.reduce((shown, mask) => shown.replaceAll(mask, "***"), this.text);
  }
}
