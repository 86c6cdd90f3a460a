import type { Finding } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import { flowLogServiceActivated } from "../rules/flow-log-service-activated.ts";
import type { RuleId } from "../rules/rule-ids.ts";
import { fillTemplate, type LogStoreTemplate } from "./log-store-template.ts";
import type { Activation, Creation, NotChanged, Plan } from "./plan.ts";

/** The rule whose verdicts say which VPCs need a flow log. */
export const FLOW_LOG_RULE_ID = "vpc-flow-log-active" satisfies RuleId;

/** Verdicts of that rule that a flow log on the VPC mends. */
const MISSING = new Set(["NO_FLOW_LOG", "PARTLY_COVERED"]);

/** Whether a flow log on the VPC is missing, and not only one to be started, which a second would double. */
function needsFlowLog({ reason, remedy }: Finding): boolean {
  return MISSING.has(reason.code) && remedy?.command?.includes(" ActiveFlowLog ") !== true;
}

/**
 * Makes the plan from an audit.
 *
 * @param report - of both rules where flow logs are to be created, else of activation alone
 * @param template - where new flow logs deliver to; null where none are to be created
 */
export function makePlan({ accounts, findings }: Report, template: LogStoreTemplate | null): Plan {
  const accountId = accounts[0]?.id ?? "unknown";
  const ofActivation = findings.filter(({ ruleId }) => ruleId === flowLogServiceActivated.id);
  const activations = ofActivation.filter(isNonCompliant).map(activationOf);
  const ready = new Set([
    ...activations.map(({ regionId }) => regionId),
    ...ofActivation.filter(({ status }) => status === "COMPLIANT").map(({ regionId }) => regionId),
  ]);
  // Without the service a region can have no flow log, and why it is without is said once.
  const ofFlowLogs = findings.filter(
    ({ ruleId, regionId }) => ruleId === FLOW_LOG_RULE_ID && ready.has(regionId),
  );
  const creations =
    template === null
      ? []
      : ofFlowLogs.flatMap((finding) => creationsOf(finding, accountId, template));
  const entries = [...ready]
    .toSorted()
    .flatMap((regionId) =>
      [...activations, ...creations].filter((entry) => entry.regionId === regionId),
    );
  return {
    accountId,
    entries,
    notChanged: [...ofActivation, ...ofFlowLogs].flatMap(notChangedOf),
  };
}

function isNonCompliant({ status }: Finding): boolean {
  return status === "NON_COMPLIANT";
}

function activationOf(finding: Finding): Activation {
  const { accountId, regionId } = finding;
  return {
    accountId,
    regionId,
    ...localNameOf(finding),
    action: "activate-flow-log-service",
    cost: "free",
    reversible: false,
    termsUrl: flowLogServiceActivated.remedy({ regionId }).consoleUrl,
  };
}

function creationsOf(
  finding: Finding,
  accountId: string,
  template: LogStoreTemplate,
): readonly Creation[] {
  const { regionId, resource } = finding;
  if (!isNonCompliant(finding) || resource === undefined || !needsFlowLog(finding)) return [];
  return [
    {
      accountId,
      regionId,
      ...localNameOf(finding),
      action: "create-flow-log",
      resource,
      ...fillTemplate(template, regionId, accountId),
      cost: "by-volume",
      reversible: true,
    },
  ];
}

/** What is not compliant, or not known to be, and no change of the plan. */
function notChangedOf(finding: Finding): readonly NotChanged[] {
  const { status, reason, exemption, ruleId } = finding;
  const { accountId, regionId, resource } = finding;
  const about = {
    accountId,
    regionId,
    ...localNameOf(finding),
    ...(resource !== undefined && { resource }),
    commands: [],
  };
  if (status === "INSUFFICIENT_DATA") return [{ ...about, reason, unreadable: true }];
  if (exemption?.observed.status === "NON_COMPLIANT") {
    const message = `${reason.message} To change it too, take the exemption out.`;
    return [{ ...about, reason: { ...reason, message }, unreadable: false }];
  }
  const isOther = isNonCompliant(finding) && ruleId === FLOW_LOG_RULE_ID && !needsFlowLog(finding);
  if (!isOther) return [];
  const { command = null } = finding.remedy ?? {};
  const commands = command?.includes(" ActiveFlowLog ") === true ? [command] : [];
  return [{ ...about, reason, unreadable: false, commands }];
}

function localNameOf({ localName }: Finding): { readonly localName?: string } {
  return localName === undefined ? {} : { localName };
}
