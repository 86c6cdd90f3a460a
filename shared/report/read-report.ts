import * as v from "valibot";

import { FAILURE_CODES, type Finding, type ReasonCode, type Status } from "../audit/finding.ts";
import { type Report, summarize, type Trigger } from "../audit/report.ts";
import {
  type Control,
  RELATIONS,
  type RuleSummary,
  SEVERITIES,
  summarizeRule,
} from "../audit/rule-card.ts";

/** Text for a terminal: nothing in it moves a cursor, or turns the direction of writing. */
const text = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cf}]*$/u));

const STATUSES = [
  "COMPLIANT",
  "NON_COMPLIANT",
  "INSUFFICIENT_DATA",
  "NOT_APPLICABLE",
  "IGNORED",
] as const satisfies readonly Status[];

/** One that a newer function added is taken as it is. */
const code = v.pipe(
  v.string(),
  v.regex(/^[A-Z0-9_]+$/),
  v.transform((value) => value as ReasonCode),
);

const reason = v.object({ code, message: text });

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const named = v.pipe(text, v.nonEmpty());

const rule = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/)),
  title: named,
  severity: v.picklist(SEVERITIES),
  controls: v.pipe(
    v.array(
      v.object({
        framework: named,
        version: named,
        id: named,
        relation: v.picklist(RELATIONS),
      }),
    ),
    v.check((controls) => new Set(controls.map(keyOfControl)).size === controls.length),
  ),
});

const ReportSchema = v.pipe(
  v.object({
    schemaVersion: v.literal(1),
    tool: v.object({ name: text, version: text }),
    runId: text,
    trigger: v.pipe(
      text,
      v.transform((value) => value as Trigger),
    ),
    startedAt: v.pipe(v.string(), v.isoTimestamp()),
    finishedAt: v.pipe(v.string(), v.isoTimestamp()),
    caller: v.nullable(v.object({ accountId: text, arn: v.nullable(text) })),
    scope: v.object({ accounts: v.array(text), regions: v.array(text) }),
    // An older function says nothing of its rules.
    rules: v.exactOptional(v.array(rule)),
    summary: v.object({
      total: count,
      compliant: count,
      nonCompliant: count,
      insufficientData: count,
      notApplicable: count,
      ignored: count,
    }),
    findings: v.array(
      v.object({
        ruleId: text,
        accountId: text,
        regionId: text,
        localName: v.exactOptional(text),
        status: v.picklist(STATUSES),
        reason,
        evidence: v.object({
          requestId: v.nullable(text),
          endpoint: v.nullable(text),
          httpStatus: v.nullable(count),
          attempts: count,
          checkedAt: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
          durationMs: v.nullable(v.number()),
        }),
        exemption: v.exactOptional(
          v.object({
            owner: text,
            reason: text,
            expires: text,
            endsSoon: v.boolean(),
            observed: v.object({ status: v.picklist(STATUSES), reason }),
          }),
        ),
      }),
    ),
    warnings: v.exactOptional(v.array(text)),
  }),
  v.check(({ scope, findings }) =>
    scope.regions.every((regionId) => findings.some((finding) => finding.regionId === regionId)),
  ),
  v.check((report) => isComplete(report)),
  v.check(({ findings }) => findings.every(isConsistent)),
  v.check(
    ({ summary, findings }) => JSON.stringify(summarize(findings)) === JSON.stringify(summary),
  ),
);

/** Each account and region of the scope is there exactly once for each rule, and nothing else is. */
function isComplete({ scope, findings }: Pick<Report, "scope" | "findings">): boolean {
  const rules = new Set(findings.map(({ ruleId }) => ruleId));
  const wanted = scope.accounts.flatMap((accountId) =>
    scope.regions.flatMap((regionId) =>
      [...rules].map((ruleId) => JSON.stringify([accountId, regionId, ruleId])),
    ),
  );
  const found = findings.map(({ accountId, regionId, ruleId }) =>
    JSON.stringify([accountId, regionId, ruleId]),
  );
  return (
    wanted.length > 0 &&
    found.length === wanted.length &&
    new Set(found).size === found.length &&
    wanted.every((key) => found.includes(key))
  );
}

/** What is known of a reason must not contradict the status, and an exemption has to be one. */
function isConsistent(finding: Finding): boolean {
  const { status, reason, exemption } = finding;
  if ((reason.code === "EXEMPT") !== (status === "IGNORED")) return false;
  if ((exemption !== undefined) !== (status === "IGNORED")) return false;
  return exemption === undefined ? agrees(finding) : agrees(exemption.observed);
}

function agrees({ status, reason }: Pick<Finding, "status" | "reason">): boolean {
  if (reason.code === "ACTIVATED") return status === "COMPLIANT";
  if (reason.code === "NOT_ACTIVATED") return status === "NON_COMPLIANT";
  const failed = FAILURE_CODES.some((code) => code === reason.code);
  return !failed || (status !== "COMPLIANT" && status !== "NON_COMPLIANT");
}

/**
 * Reads a report that came from elsewhere. What an older function does not say of its rules is
 * filled in.
 *
 * @param known - the rules of this version
 * @returns null when it is none: a field is missing, the scope is empty or not what the findings are
 * about, a reason contradicts its status, the sum is not that of the findings, or the rules are not
 * those of the findings or claim another thing than is known of them
 */
export function readReport(value: unknown, known: readonly RuleSummary[]): Report | null {
  const parsed = v.safeParse(ReportSchema, value);
  if (!parsed.success) return null;
  const { findings, rules: told } = parsed.output;
  const ruleIds = new Set(findings.map(({ ruleId }) => ruleId));
  const rules = told ?? known.filter(({ id }) => ruleIds.has(id)).map(summarizeRule);
  const describesAll = rules.length === ruleIds.size && rules.every(({ id }) => ruleIds.has(id));
  if (!describesAll || rules.some((rule) => claimsOtherwise(rule, known))) return null;
  return { ...parsed.output, rules };
}

/** Whether a rule is said to bear on a control in another way than is known of it. */
function claimsOtherwise(rule: RuleSummary, known: readonly RuleSummary[]): boolean {
  const controls = known.find(({ id }) => id === rule.id)?.controls ?? [];
  return controls.some((control) =>
    rule.controls.some(
      (claimed) =>
        keyOfControl(claimed) === keyOfControl(control) && claimed.relation !== control.relation,
    ),
  );
}

function keyOfControl({ framework, version, id }: Control): string {
  return JSON.stringify([framework, version, id]);
}
