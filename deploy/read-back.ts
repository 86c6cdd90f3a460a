import { stripVTControlCharacters } from "node:util";

import * as v from "valibot";

import type { Environment } from "../shared/program/environment.ts";
import { isCiVariable } from "./ci-variable.ts";
import { DeployedFunction, differencesOfFunction } from "./compare-function.ts";
import { capture, type Shell } from "./shell.ts";
import type { Template } from "./template-schema.ts";
import type { Checksums } from "./uploaded-code.ts";

/** What is known of a function in the cloud, beside what `s.yaml` says of it. */
export type FunctionState =
  | { readonly kind: "read"; readonly differences: readonly string[] }
  /** The cloud says that there is no such function. */
  | { readonly kind: "absent" }
  /** The function is there, and something of it that `s.yaml` names is not. */
  | { readonly kind: "incomplete"; readonly missing: "trigger" | "asyncInvokeConfig" }
  /** Nothing is known of it. The reason is the cloud's code, or how Serverless Devs failed, if it did. */
  | { readonly kind: "unreadable"; readonly reason: string | null };

/** The state of each function, by the key of its resource. */
export type DeployedState = Readonly<Record<string, FunctionState>>;

/** What the cloud says of what it does not have, as Serverless Devs prints it. */
const FAILURE = /^([A-Z][\w.]{1,60}): code: \d{3}/m;

/**
 * Reads what is in the cloud: `s deploy` exits 0 also when it has deployed nothing.
 *
 * `s info -o json` prints every function that can be read, and exits 0 whatever happened to the
 * others. Those are asked for one by one, in a spelling of the same flag that does not hide why.
 * Only the triggers that `s.yaml` names are asked for: one that is left over in the cloud is not seen.
 *
 * @param flags - those that every call of Serverless Devs gets
 * @param uploaded - the code that must be there; what it does not know is not compared
 */
export async function readBack(
  template: Template,
  shell: Shell,
  flags: readonly string[],
  uploaded: Checksums = {},
): Promise<DeployedState> {
  const quiet: Shell = { ...shell, env: withoutCi(shell.env) };
  const { stdout } = await capture("s", ["info", "--silent", "-o", "json", ...flags], quiet);
  const found = deployedFunctions(stdout);
  const states: [string, FunctionState][] = [];
  for (const key of Object.keys(template.resources)) {
    states.push([
      key,
      stateOf(template, key, found, uploaded) ??
        (await askForOne(template, key, { shell: quiet, flags, uploaded })),
    ]);
  }
  return Object.fromEntries(states);
}

interface Question {
  readonly shell: Shell;
  readonly flags: readonly string[];
  readonly uploaded: Checksums;
}

async function askForOne(
  template: Template,
  key: string,
  { shell, flags, uploaded }: Question,
): Promise<FunctionState> {
  const args = [key, "info", "--silent", "--output-format=json", ...flags];
  const { exitCode, stdout } = await capture("s", args, shell);
  const state = exitCode === 0 ? stateOf(template, key, deployedFunctions(stdout), uploaded) : null;
  if (state !== null) return state;
  const code = FAILURE.exec(stripVTControlCharacters(stdout))?.[1];
  if (code === "FunctionNotFound") return { kind: "absent" };
  if (code === "TriggerNotFound") return { kind: "incomplete", missing: "trigger" };
  if (code === "AsyncConfigNotExists") return { kind: "incomplete", missing: "asyncInvokeConfig" };
  const reason = exitCode === 0 ? null : `s info: exit code ${exitCode}`;
  return { kind: "unreadable", reason: code ?? reason };
}

/** Serverless Devs prints no variables of a function in CI. */
function withoutCi(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isCiVariable(name)));
}

type Functions = readonly (readonly [key: string | null, deployed: DeployedFunction])[];

/**
 * What `s info -o json` printed. Of a single function the object comes without its key, of none
 * nothing comes, and lines of another kind may stand before it.
 */
function deployedFunctions(output: string): Functions {
  const start = /^\{/m.exec(output)?.index;
  if (start === undefined) return [];
  let printed: unknown;
  try {
    printed = JSON.parse(output.slice(start));
  } catch {
    return [];
  }
  if (v.is(DeployedFunction, printed)) return [[null, v.parse(DeployedFunction, printed)]];
  return Object.entries(Object(printed)).flatMap(([key, value]): Functions => {
    const result = v.safeParse(DeployedFunction, value);
    return result.success ? [[key, result.output]] : [];
  });
}

function stateOf(
  { resources }: Template,
  key: string,
  functions: Functions,
  uploaded: Checksums,
): FunctionState | null {
  const props = resources[key]?.props;
  const deployed = functions.find(([of, { functionName }]) =>
    of === null ? functionName === props?.functionName : of === key,
  )?.[1];
  if (props === undefined || deployed === undefined) return null;
  const checksum = uploaded[key] ?? deployed["codeChecksum"];
  const code = deployed["codeChecksum"] === checksum ? [] : ["its code is not what was uploaded"];
  return { kind: "read", differences: [...differencesOfFunction(props, deployed), ...code] };
}
