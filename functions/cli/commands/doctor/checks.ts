import type { Config } from "../../../../shared/config/config.ts";
import { accountsRequestOf } from "../../../../shared/entry/accounts-request.ts";
import type { Transport } from "../../../../shared/http/transport.ts";
import type { Environment } from "../../../../shared/program/environment.ts";
import type { Rule } from "../../../../shared/rules/rule.ts";
import { deploymentOf } from "../../deployment.ts";
import type { Check } from "./check.ts";
import { accountsCheck } from "./checks/accounts.ts";
import { actionTrail } from "./checks/action-trail.ts";
import { certificates, CERTIFICATES_VARIABLE } from "./checks/certificates.ts";
import { clockCheck } from "./checks/clock.ts";
import { configuration } from "./checks/configuration.ts";
import { credentials } from "./checks/credentials.ts";
import { evidenceCheck } from "./checks/evidence.ts";
import { functionCheck } from "./checks/function-compute.ts";
import { heartbeatCheck } from "./checks/heartbeat.ts";
import { identityCheck } from "./checks/identity.ts";
import { memberRole } from "./checks/member-role.ts";
import { program } from "./checks/program.ts";
import { proxy } from "./checks/proxy.ts";
import { receiverChecks } from "./checks/receivers.ts";
import { regions } from "./checks/regions.ts";
import { serviceChecks } from "./checks/services.ts";
import { stateCheck } from "./checks/state.ts";

/**
 * All checks of a configuration, in the order in which they are shown: what it does not use is not
 * checked.
 *
 * @param rules - those that are evaluated
 */
export function checksOf(
  config: Config,
  rules: readonly Rule[],
  env: Environment,
  transport: Transport,
): Check[] {
  const { alerts, state, evidence, heartbeat, actiontrail } = config;
  const request = accountsRequestOf(config);
  const deployment = deploymentOf(env);
  const keepsState = state.kind !== "none" || alerts.receivers.length > 0;
  const checks = [
    program,
    configuration,
    proxy,
    ...(env[CERTIFICATES_VARIABLE] ? [certificates] : []),
    credentials,
    identityCheck(config, transport),
    regions,
    ...(request === null ? [] : [accountsCheck(request), memberRole]),
    ...serviceChecks(rules, request !== null),
    ...(actiontrail ? [actionTrail] : []),
    ...(deployment.regionId === null ? [] : [functionCheck(deployment)]),
    ...(keepsState ? [stateCheck(state)] : []),
    ...(evidence.kind === "none" ? [] : [evidenceCheck(evidence)]),
    ...receiverChecks(alerts.receivers, transport),
    ...(heartbeat === null ? [] : [heartbeatCheck(heartbeat, transport)]),
  ];
  return [...checks, clockCheck(checks)];
}
