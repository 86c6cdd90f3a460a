import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { load } from "js-yaml";

import type { Environment } from "../../shared/program/environment.ts";
import { isName } from "../../shared/text/is-name.ts";

/** Problems of the credentials that Serverless Devs would use, found before it runs. */
export interface CheckedAccess {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const KEYS = ["AccountID", "AccessKeyID", "AccessKeySecret"] as const;
type Keys = Readonly<Record<string, unknown>>;

const VARIABLE_SUFFIX = "_serverless_devs_key";
/** Stands for the credentials of the `aliyun` command line, which Serverless Devs finds itself. */
const ALIYUN_CLI = "${aliyun-cli}";

/**
 * Checks the credentials before the build; Serverless Devs itself reports missing ones only after
 * it. It looks in this order: `AccountID`, `AccessKeyID` and `AccessKeySecret`, if all three are set;
 * the variable named by the alias, if the name ends in `_serverless_devs_key`; its own file.
 *
 * @param alias - value of `--access`, or of `access` in `s.yaml`
 * @param named - whether the alias comes from `--access`
 */
export function checkAccess(alias: string, named: boolean, env: Environment): CheckedAccess {
  if (KEYS.every((key) => env[key] !== undefined)) {
    const warnings = named
      ? [
          "--access: is not used, because AccountID, AccessKeyID and AccessKeySecret are set: unset them to use it",
        ]
      : [];
    return { problems: problemsOfTriple(env), warnings };
  }
  return { problems: problemsOfAlias(alias, env), warnings: [] };
}

function problemsOfTriple(env: Environment): string[] {
  const empty = KEYS.filter((key) => env[key] === "").map((key) => `${key}: is empty`);
  const isTemporary = env["AccessKeyID"]?.startsWith("STS.") === true;
  return [
    ...empty,
    ...problemsOfAccount(env["AccountID"], "AccountID", env),
    ...(isTemporary
      ? [
          "AccessKeyID: is a temporary key, whose token Serverless Devs would drop: see docs/deploy.md",
        ]
      : []),
  ];
}

function problemsOfAlias(alias: string, env: Environment): string[] {
  if (alias === ALIYUN_CLI) return [];
  const value = alias.endsWith(VARIABLE_SUFFIX) ? env[alias] : undefined;
  if (value !== undefined) {
    const keys = parseObject(value);
    if (keys === null) {
      return [`${alias}: is not a JSON object with AccountID, AccessKeyID and AccessKeySecret`];
    }
    const missing = KEYS.filter((key) => typeof keys[key] !== "string" || keys[key] === "");
    const lacksToken =
      String(keys["AccessKeyID"]).startsWith("STS.") && keys["SecurityToken"] === undefined;
    return [
      ...missing.map((key) => `${alias}: ${key} is missing, or is not text in quotes`),
      ...(lacksToken ? [`${alias}: SecurityToken is missing, which a temporary key needs`] : []),
      ...problemsOfAccount(keys["AccountID"], `${alias}: AccountID`, env),
    ];
  }
  if (aliasesOf(env).includes(alias)) return [];
  const set = KEYS.filter((key) => env[key] !== undefined);
  const lacking = KEYS.filter((key) => env[key] === undefined);
  const partly =
    set.length === 0
      ? ""
      : ` (${set.join(" and ")} alone ${set.length > 1 ? "are" : "is"} not enough: set ${lacking.join(" and ")} too)`;
  return [
    `credentials: Serverless Devs has none by the name ${isName(alias) ? `"${alias}"` : "given"}${partly}: set AccountID, AccessKeyID and AccessKeySecret, name a variable that ends in ${VARIABLE_SUFFIX} with --access, or run "s config add"; ALIBABA_CLOUD_* variables do not count`,
  ];
}

/** The functions' role belongs to `ACCOUNT_ID`, so the functions must be deployed to that account. */
function problemsOfAccount(accountId: unknown, name: string, env: Environment): string[] {
  const wanted = env["ACCOUNT_ID"];
  const isOther = typeof accountId === "string" && accountId !== "" && accountId !== wanted;
  return !wanted || !isOther
    ? []
    : [`${name}: is another account than ACCOUNT_ID, whose role the functions get`];
}

/** The names in the file that `s config add` writes. Their values are encrypted. */
function aliasesOf(env: Environment): string[] {
  const home = env["serverless_devs_config_home"] ?? env["HOME"] ?? homedir();
  try {
    const { workspace }: Keys = readObject(join(home, ".s/config/s.json"));
    const root = typeof workspace === "string" ? workspace.replace("~", home) : join(home, ".s");
    return Object.keys(readObject(join(root, "access.yaml")));
  } catch {
    return [];
  }
}

/** Reads a YAML or JSON file. A missing file is an empty object. */
function readObject(path: string): Keys {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return {};
  }
  return { ...Object(load(text)) };
}

function parseObject(text: string): Keys | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : null;
  } catch {
    return null;
  }
}
