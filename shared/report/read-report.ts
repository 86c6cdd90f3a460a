import * as v from "valibot";

import type { Status } from "../audit/finding.ts";
import type { AuditedAccount, Report, SkippedAccount, Trigger } from "../audit/report.ts";
import {
  type Control,
  RELATIONS,
  type RuleCard,
  type RuleSummary,
  SEVERITIES,
  summarizeRule,
} from "../audit/rule-card.ts";
import { isRegionId } from "../audit/scope.ts";
import { ROLE_ARN } from "./problem-of-accounts.ts";
import { problemOfReport } from "./problem-of-report.ts";

/** Text that is safe on a terminal: no control characters, and none that change the text's direction. */
const text = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cf}]*$/u));

const STATUSES = [
  "COMPLIANT",
  "NON_COMPLIANT",
  "INSUFFICIENT_DATA",
  "NOT_APPLICABLE",
  "IGNORED",
] as const satisfies readonly Status[];

/** A value that a newer function added is kept. */
const code = v.pipe(v.string(), v.regex(/^[A-Z0-9_]+$/));

const reason = v.object({ code, message: text });

/**
 * Calls of `aliyun` with plain or quoted words, and nothing else that a shell would run: readers copy it.
 */
const command = v.pipe(
  text,
  v.maxLength(2_000),
  v.regex(/^aliyun(?:; aliyun| [\w./:@%+-]+| (?:'[^']*'|\\')+)+$/),
);

/** The one text of several lines. */
const terraform = v.pipe(v.string(), v.regex(/^(?:[^\p{Cc}\p{Cf}]|\n)+$/u), v.maxLength(8_000));

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const someText = v.pipe(text, v.nonEmpty());

/** Part of addresses and commands. */
const regionId = v.pipe(v.string(), v.check(isRegionId));

/** Part of addresses, which a lone surrogate cannot be: no service has an id with one. */
const resourceId = v.pipe(
  someText,
  v.check((id) => id.isWellFormed()),
);

/** Of a person's choice, or the resource directory's. Left out where there is none. */
const name = v.exactOptional(someText);

const account = v.variant("status", [
  v.object({
    id: text,
    name,
    roleArn: v.exactOptional(v.pipe(v.string(), v.regex(ROLE_ARN))),
    regions: v.array(regionId),
    status: v.literal("audited"),
  }),
  v.object({
    id: text,
    name,
    regions: v.pipe(v.array(regionId), v.length(0)),
    status: v.literal("skipped"),
    // Nothing depends on the code, and a newer function may add one.
    reason: v.object({
      code: v.custom<SkippedAccount["reason"]["code"]>((value) => v.is(code, value)),
      message: text,
    }),
  }),
]);

const rule = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/)),
  title: someText,
  severity: v.picklist(SEVERITIES),
  controls: v.pipe(
    v.array(
      v.object({
        framework: someText,
        version: someText,
        id: someText,
        relation: v.picklist(RELATIONS),
      }),
    ),
    v.check((controls) => new Set(controls.map(keyOfControl)).size === controls.length),
  ),
});

const ReportSchema = v.object({
  schemaVersion: v.literal(1),
  tool: v.object({ name: text, version: text }),
  runId: text,
  // A newer function may name one that is not known here. Nothing depends on it: it is printed.
  trigger: v.custom<Trigger>((value) => v.is(text, value)),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  finishedAt: v.pipe(v.string(), v.isoTimestamp()),
  caller: v.nullable(v.object({ accountId: text, arn: v.nullable(text) })),
  accountAssumed: v.exactOptional(v.literal(true)),
  managementAccountUnknown: v.exactOptional(v.literal(true)),
  scope: v.object({ accounts: v.array(text), regions: v.array(regionId) }),
  // Both are absent from the report of an older function.
  rules: v.exactOptional(v.array(rule)),
  accounts: v.exactOptional(v.array(account)),
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
      regionId,
      resource: v.exactOptional(
        v.object({ type: someText, id: resourceId, name: v.exactOptional(text) }),
      ),
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
      remedy: v.exactOptional(
        v.object({ command: v.nullable(command), terraform: v.nullable(terraform) }),
      ),
      exemption: v.exactOptional(
        v.object({
          owner: text,
          reason: text,
          expires: v.pipe(v.string(), v.isoDate()),
          endsSoon: v.boolean(),
          observed: v.object({ status: v.picklist(STATUSES), reason }),
        }),
      ),
    }),
  ),
  warnings: v.exactOptional(v.array(text)),
});

/** A report, or what is wrong with it as a part of a sentence. */
export type ReportRead = { readonly report: Report } | { readonly problem: string };

/**
 * Reads a report that came from elsewhere, possibly from an older or a newer version. What it says of
 * rules is replaced by what this version knows of them.
 *
 * @param known - the cards of this version's rules
 */
export function readReport(value: unknown, known: readonly RuleCard[]): ReportRead {
  // Without it, millions of wrong findings would each be a problem that takes memory.
  const parsed = v.safeParse(ReportSchema, value, { abortEarly: true });
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? "what came";
    return { problem: `${field} is missing, of the wrong type or not as it should be` };
  }
  const { scope, findings, rules: named, accounts = accountsOf(scope) } = parsed.output;
  const ruleIds = new Set(findings.map(({ ruleId }) => ruleId));
  const cards = known.filter(({ id }) => ruleIds.has(id));
  if (cards.length !== ruleIds.size) {
    return { problem: "it is of a rule that this version does not know" };
  }
  const report = { ...parsed.output, rules: cards.map(summarizeRule), accounts };
  const problem = problemOfReport(report, cards) ?? problemOfRules(named, ruleIds, cards);
  return problem === null ? { report } : { problem };
}

/** The accounts of a report that does not say which region belongs to whom: every region to each. */
function accountsOf({ accounts, regions }: Report["scope"]): AuditedAccount[] {
  return accounts.map((id) => ({ id, regions, status: "audited" }));
}

/** @param named - what the report says of its rules; undefined where it says nothing */
function problemOfRules(
  named: readonly RuleSummary[] | undefined,
  ruleIds: ReadonlySet<string>,
  cards: readonly RuleCard[],
): string | null {
  if (named === undefined) return null;
  const describesAll = named.length === ruleIds.size && named.every(({ id }) => ruleIds.has(id));
  if (!describesAll) return "the rules that it names are not those of its findings";
  return named.some((summary) => contradicts(summary, cards))
    ? "it claims that a rule proves another thing than is known of it"
    : null;
}

/** Whether the report claims a control, or a relation to it, that the rule's card does not have. */
function contradicts(rule: RuleSummary, known: readonly RuleSummary[]): boolean {
  const controls = known.find(({ id }) => id === rule.id)?.controls ?? [];
  return rule.controls.some(
    (claimed) =>
      !controls.some(
        (control) =>
          keyOfControl(control) === keyOfControl(claimed) && control.relation === claimed.relation,
      ),
  );
}

function keyOfControl({ framework, version, id }: Control): string {
  return JSON.stringify([framework, version, id]);
}
