import { ConfigError } from "../../shared/audit/run-error.ts";
import type { AlertOutcome } from "../../shared/conclude/alert-outcome.ts";
import { findingEntries, shownFindings } from "../../shared/conclude/finding-log.ts";
import {
  auditedEntry,
  doneEntry,
  failedEntry,
  type LogEntry,
  skippedEntry,
} from "../../shared/conclude/run-log.ts";
import { startEmulator } from "../emulator/emulator.ts";
import type { RegionSeed } from "../emulator/world.ts";
import { configEvent } from "./config-event.ts";
import { functionContext, functionEnv, invokeAudit, invokeCheck } from "./invoke-function.ts";
import { organizationReport as largeReport } from "./many-accounts.ts";
import { CALLER_ID, memberId, organizationReport } from "./organization-report.ts";
import { reportWith } from "./report-with.ts";
import { resourceReport } from "./resource-report.ts";
import { startWebhookCatcher } from "./webhook-catcher.ts";

const KEY = {
  accessKeyId: "STS.role",
  accessKeySecret: "role-secret-90ab",
  securityToken: "role-token-12cd",
};
const REGIONS: Record<string, RegionSeed> = {
  "cn-a": { activated: true },
  "cn-b": { activated: false },
  "cn-c": { activated: true, fault: { kind: "denied" } },
};

/** The lines that the built functions write to standard output, as they are written. */
export interface WrittenLines {
  /** A run that alerts, one that warns, one whose alert nobody takes, and one with a wrong event. */
  readonly check: readonly string[];
  /** A request, and one of Cloud Config. */
  readonly audit: readonly string[];
}

/** Runs the built functions against an emulated cloud, and catches what they write. */
export async function writtenLines(): Promise<WrittenLines> {
  await using emulator = await startEmulator({ regions: REGIONS, keys: [KEY] });
  await using catcher = await startWebhookCatcher();
  await using refusing = await startWebhookCatcher([{ status: 400 }]);
  const check = async (requestId: string, event: string, env: Record<string, string>) => {
    const context = functionContext(emulator, { requestId });
    return (await invokeCheck(event, context, { ...functionEnv(emulator), ...env })).lines;
  };
  const lines = [
    await check("1-good", "{}", { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url }),
    await check("1-warns", "{}", { FLOWLOG_GUARD_HEARTBEAT_URL: refusing.url }),
    await check("1-refused", "{}", { FLOWLOG_GUARD_WEBHOOK_URL: refusing.url }),
    await check("1-wrong", '{"unknown":1}', {}),
  ];
  const audit = async (event: string) =>
    (await invokeAudit(event, functionContext(emulator), functionEnv(emulator))).lines;
  const audited = [await audit("{}"), await audit(configEvent())];
  return { check: lines.flat(), audit: audited.flat() };
}

const OUTCOME: AlertOutcome = {
  reason: "CHANGES",
  deliveries: [],
  undelivered: [],
  warnings: [],
  stateProblem: null,
  evidence: { manifestSha256: "0".repeat(64), problem: null },
};

/** Entries of runs that are too large or too slow to make for a test: written by the same functions. */
export function otherEntries(): readonly LogEntry[] {
  const statuses = ["NON_COMPLIANT", "INSUFFICIENT_DATA"] as const;
  const members = organizationReport([
    { id: CALLER_ID, statuses },
    { id: memberId(1), statuses },
  ]);
  const resources = resourceReport([
    { id: "vpc-1", name: "prod" },
    { id: "vpc-2", status: "INSUFFICIENT_DATA", code: "STATE_UNKNOWN" },
  ]);
  const both = {
    ...members,
    findings: [
      ...members.findings,
      ...resources.findings,
      ...resources.findings.map((finding) => ({ ...finding, accountId: memberId(1) })),
    ],
  };
  const large = largeReport({ accounts: 1_200, regions: 1, status: () => "NON_COMPLIANT" });
  const vpcs = resourceReport(
    Array.from({ length: 1_200 }, (_, index) => ({ id: `vpc-${index}` })),
  );
  return [
    doneEntry(both, OUTCOME),
    doneEntry(large, OUTCOME),
    doneEntry(vpcs, OUTCOME),
    ...findingEntries("run", shownFindings(resources)),
    ...findingEntries("run", shownFindings(large)),
    { ...auditedEntry(reportWith(["COMPLIANT"])), part: { index: 0, count: 4 } },
    skippedEntry(),
    failedEntry(null, new ConfigError(["regions: is empty"])),
  ];
}
