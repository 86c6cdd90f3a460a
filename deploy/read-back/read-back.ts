import { stripVTControlCharacters } from "node:util";

import * as v from "valibot";

import type { Environment } from "../../shared/program/environment.ts";
import type { Template } from "../template/template-schema.ts";
import { isCiVariable } from "../tool/dot-env.ts";
import { capture, type Shell } from "../tool/shell.ts";
import { DeployedFunction, differencesOfFunction } from "./compare-function.ts";
import type { Checksums } from "./uploaded-code.ts";

/** A deployed function compared with `s.yaml`. */
export type FunctionState =
  | { readonly kind: "read"; readonly differences: readonly string[] }
  /** The function does not exist. */
  | { readonly kind: "absent" }
  /** The function exists, but a part of it that `s.yaml` names does not. */
  | { readonly kind: "incomplete"; readonly missing: "trigger" | "asyncInvokeConfig" }
  /** Unknown. The reason is the API's error code, else the exit code of Serverless Devs if it failed. */
  | { readonly kind: "unreadable"; readonly reason: string | null };

/** The state of each function, by the key of its resource. */
export type DeployedState = Readonly<Record<string, FunctionState>>;

/** The API's error code, as Serverless Devs prints it. */
const FAILURE = /^([A-Z][\w.]{1,60}): code: \d{3}/m;

/**
 * Reads the deployed functions, because `s deploy` also exits 0 when it has deployed nothing.
 *
 * `s info -o json` prints the functions that it can read and exits 0 even if it cannot read others.
 * Those are requested one by one with `--output-format=json`, the same flag in a spelling that does
 * not suppress the error. Only triggers that `s.yaml` names are requested: a surplus trigger is not
 * detected.
 *
 * @param flags - the flags for every call of Serverless Devs
 * @param uploaded - the expected checksums; the code of a function without one is not compared
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

/** In CI, Serverless Devs does not print the variables of a function. */
function withoutCi(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isCiVariable(name)));
}

type Functions = readonly (readonly [key: string | null, deployed: DeployedFunction])[];

/**
 * Parses the output of `s info -o json`. A single function is printed without its key. Without any
 * function there is no output. Other lines may precede the JSON.
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
