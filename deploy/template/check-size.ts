import { ceilingOf, exceeds, nameOfAccounts } from "../../shared/config/account-capacity.ts";
import { hasManyAccounts } from "../../shared/config/accounts.ts";
import { withoutAlerts } from "../../shared/config/config-file.ts";
import { type Config, resolveConfig } from "../../shared/config/config.ts";
import { readEnvironmentLayer } from "../../shared/config/environment.ts";
import { type ConfigFile, readFileLayer } from "../../shared/config/layer.ts";
import { auditTimeMs } from "../../shared/entry/function-context.ts";
import { AUDIT_FUNCTION, CHECK_FUNCTION, FUNCTIONS } from "./project-functions.ts";
import { type FunctionProps, functionsOf, type Template } from "./template-schema.ts";

/** With less memory, in MB, a function is not given more accounts than these: 300 took 190 MB. */
const AMPLE_MEMORY_MB = 512;
const ACCOUNTS_IN_LITTLE_MEMORY = 300;

/**
 * Sentences about functions that are too small, or have too little time, for the accounts that they are
 * to audit. The number of an organization's members is not known here, so the ceiling is stated.
 *
 * @param file - the configuration that is packed into the build; valid, as the template is
 */
export function warningsOfSize(template: Template, file: ConfigFile | null): string[] {
  return functionsOf(template).flatMap(([path, props]) => {
    const config = configOf(props, file);
    if (!hasManyAccounts(config)) return [];
    const { timeout, cpu, memorySize } = props;
    const ceiling = ceilingInTime(config, props);
    const isLittle = memorySize < AMPLE_MEMORY_MB && ceiling.accounts > ACCOUNTS_IN_LITTLE_MEMORY;
    const { accounts, because } = isLittle
      ? { accounts: ACCOUNTS_IN_LITTLE_MEMORY, because: `more need ${AMPLE_MEMORY_MB} MB` }
      : ceiling;
    return exceeds(config, { accounts })
      ? [
          `${path}: may be too small for ${nameOfAccounts(config)}: with ${timeout} seconds, ${cpu} vCPU and ${memorySize} MB, one run audits about ${accounts} accounts at most, because ${because}. ${adviceFor(props)}`,
        ]
      : [];
  });
}

function adviceFor({ timeout, cpu, memorySize }: FunctionProps): string {
  return timeout < 900 || cpu < 1 || memorySize < 1_024
    ? "Deploy s.organization.yaml, as docs/deploy.md says"
    : "Give it more time and a greater size, or divide the accounts with fanOut.parts";
}

function ceilingInTime(config: Config, { timeout, cpu }: FunctionProps) {
  const timeMs = Math.min(config.deadlineMs ?? Infinity, auditTimeMs({ function: { timeout } }));
  const { concurrency } = config;
  return ceilingOf(config, { seconds: timeMs / 1_000, concurrency, vcpus: cpu });
}

/** The configuration of a function, from its variables and its packed file. */
function configOf({ code, environmentVariables: env }: FunctionProps, file: ConfigFile | null) {
  const packed = code === FUNCTIONS[AUDIT_FUNCTION].code ? withoutAlerts(file) : file;
  return resolveConfig(readFileLayer(packed, env), readEnvironmentLayer(env));
}

/** Parts are audited by the audit function: a run that is to have parts fails without it. */
export function problemsOfFanOut({ resources }: Template, file: ConfigFile | null): string[] {
  const check = resources[CHECK_FUNCTION]?.props;
  if (check === undefined || resources[AUDIT_FUNCTION] !== undefined) return [];
  const { fanOut } = configOf(check, file);
  return fanOut.parts === null || fanOut.function !== null
    ? []
    : [
        `fanOut.parts: needs ${AUDIT_FUNCTION}, which audits the parts: deploy it too, or name another function in fanOut.function`,
      ];
}
