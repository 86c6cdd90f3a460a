import type { Finding } from "../../audit/finding.ts";
import { type Report, UNKNOWN_ACCOUNT } from "../../audit/report.ts";
import { escapeInvisible } from "../../text/escape-invisible.ts";
import type { RenderOptions } from "../format.ts";
import { digestReport } from "../report-digest.ts";
import { type Chosen, chooseFindings, type Entry, type LeftOut } from "./choose-findings.ts";
import {
  configurationNotifications,
  describeNotifications,
  leftOutNotification,
  runNotifications,
  unreadableNotification,
} from "./notifications.ts";
import { resultOf } from "./result.ts";
import { describeRules } from "./rule-descriptors.ts";
import { type RunContext, runContextOf } from "./run-context.ts";

const SCHEMA =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/**
 * GitHub refuses a run with more results.
 *
 * @see https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
 */
const MAX_RESULTS = 25_000;

/** The form of an id that SARIF takes for a run. */
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * Writes a report as a log of one run, without spaces: it may have tens of thousands of results. Where it
 * has no room for all findings, it says how many of each status it leaves out.
 */
export function renderSarif(
  report: Report,
  { cards, maxBytes = null }: Pick<RenderOptions, "cards" | "maxBytes">,
): string {
  const context = runContextOf(report, cards);
  const frame = frameOf(report, context);
  const toEntry = (finding: Finding): Entry => entryOf(finding, context);
  const roomFor = (bytes: number | null): Chosen<Entry> =>
    chooseFindings(
      report.findings,
      report.rules,
      { maxResults: MAX_RESULTS, maxBytes: bytes },
      toEntry,
    );
  return maxBytes === null
    ? frame(roomFor(null))
    : frame(roomFor(maxBytes - bytesAround(frame, report)));
}

type Frame = (chosen: Chosen<Entry>) => string;

/** What a log has apart from its findings, where as many as possible are left out. */
function bytesAround(frame: Frame, { findings }: Report): number {
  const total = findings.length;
  const counts: LeftOut["counts"] = {
    NON_COMPLIANT: total,
    INSUFFICIENT_DATA: total,
    IGNORED: total,
    COMPLIANT: total,
    NOT_APPLICABLE: total,
  };
  return Buffer.byteLength(frame({ entries: [], leftOut: { counts, total } }));
}

function entryOf(finding: Finding, context: RunContext): Entry {
  return finding.status === "INSUFFICIENT_DATA"
    ? { kind: "notification", value: unreadableNotification(finding, context) }
    : { kind: "result", value: resultOf(finding, context) };
}

/** Returns a function that puts findings into the log of a report. */
function frameOf(report: Report, context: RunContext): Frame {
  const { rules, taxonomies, supportedTaxonomies } = describeRules(report, context.cards);
  const notifications = describeNotifications(report, context);
  const { sha256 } = digestReport(report);
  const { tool, runId, trigger, scope, summary, caller } = report;
  const account = caller?.accountId ?? UNKNOWN_ACCOUNT;
  return ({ entries, leftOut }) => {
    const run = {
      tool: {
        driver: {
          name: tool.name,
          semanticVersion: tool.version,
          rules,
          notifications,
          ...(supportedTaxonomies.length > 0 && { supportedTaxonomies }),
        },
      },
      // The part before the last slash is the category: an upload replaces the alerts of the one before.
      automationDetails: {
        id: `${tool.name}/${account}/${runId}`,
        ...(GUID.test(runId) && { guid: runId }),
      },
      invocations: [invocationOf(report, { entries, leftOut })],
      ...(taxonomies.length > 0 && { taxonomies }),
      results: valuesOf(entries, "result"),
      columnKind: "utf16CodeUnits",
      properties: {
        runId,
        trigger,
        accounts: scope.accounts,
        regions: scope.regions,
        summary,
        reportSha256: sha256,
        ...(leftOut !== null && { leftOut: leftOut.counts }),
      },
    };
    return `${escapeInvisible(JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }))}\n`;
  };
}

/** An audit that could not read everything was not successful, also where the file leaves that out. */
function invocationOf(report: Report, { entries, leftOut }: Chosen<Entry>): object {
  const { caller, summary, startedAt, finishedAt } = report;
  const account = caller?.arn ?? caller?.accountId;
  return {
    executionSuccessful: summary.insufficientData === 0,
    startTimeUtc: startedAt,
    endTimeUtc: finishedAt,
    ...(account !== undefined && { account }),
    toolExecutionNotifications: [
      ...(leftOut === null ? [] : [leftOutNotification(leftOut)]),
      ...runNotifications(report),
      ...valuesOf(entries, "notification"),
    ],
    toolConfigurationNotifications: configurationNotifications(report),
  };
}

function valuesOf(entries: readonly Entry[], kind: Entry["kind"]): readonly object[] {
  return entries.filter((entry) => entry.kind === kind).map(({ value }) => value);
}
