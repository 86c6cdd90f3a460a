import { withoutAlerts } from "../../shared/config/config-file.ts";
import { resolveConfig } from "../../shared/config/config.ts";
import { readEnvironmentLayer } from "../../shared/config/environment.ts";
import { warningOfFunctionSize } from "../../shared/config/function-size.ts";
import { type ConfigFile, readFileLayer } from "../../shared/config/layer.ts";
import { auditTimeMs } from "../../shared/entry/function-context.ts";
import { AUDIT_FUNCTION, CHECK_FUNCTION, FUNCTIONS } from "./project-functions.ts";
import { type FunctionProps, functionsOf, type Template } from "./template-schema.ts";

/**
 * Sentences about functions that are too small, or have too little time, for the accounts that they are
 * to audit. The number of an organization's members is not known here, so the ceiling is stated.
 *
 * @param file - the configuration that is packed into the build; valid, as the template is
 */
export function warningsOfSize(template: Template, file: ConfigFile | null): string[] {
  return functionsOf(template).flatMap(([path, props]) => {
    const config = configOf(props, file);
    const warning = warningOfFunctionSize(config, props, auditTimeMs({ function: props }));
    return warning === null ? [] : [`${path}: ${warning}`];
  });
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
