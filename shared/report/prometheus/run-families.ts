import type { Report } from "../../audit/report.ts";
import { controlList } from "../control-list.ts";
import type { MetricFamily } from "./exposition.ts";

/** The metrics of the run, of its rules and of its accounts. */
export function familiesOfRun(report: Report): readonly MetricFamily[] {
  const { tool, startedAt, finishedAt, rules, accounts } = report;
  const [startedMs, finishedMs] = [Date.parse(startedAt), Date.parse(finishedAt)];
  return [
    {
      name: "build_info",
      help: "Always 1; the version of flowlog-guard.",
      samples: [{ labels: { version: tool.version }, value: 1 }],
    },
    {
      name: "last_run_timestamp_seconds",
      help: "When the last audit ended, in seconds since 1970 UTC. A run that fails leaves the metrics of the last one.",
      samples: [{ labels: {}, value: finishedMs / 1_000 }],
    },
    {
      name: "last_run_duration_seconds",
      help: "How long the last audit took.",
      samples: [{ labels: {}, value: Math.max(0, finishedMs - startedMs) / 1_000 }],
    },
    {
      name: "last_run_complete",
      help: "1 where everything in scope could be read; 0 where a region or resource could not, or the caller or the management account could not be identified.",
      samples: [{ labels: {}, value: Number(isAllRead(report)) }],
    },
    {
      name: "rule_info",
      help: "Always 1; what is true of what complies with each rule, and the published controls that this implements, or is a precondition of.",
      samples: rules.map((rule) => {
        const { id, title, severity } = rule;
        return { labels: { rule: id, title, severity, controls: controlList(rule) }, value: 1 };
      }),
    },
    {
      name: "account_info",
      help: "Always 1; the name of each account that has one.",
      samples: accounts.flatMap(({ id, name }) =>
        name === undefined ? [] : { labels: { account: id, name }, value: 1 },
      ),
    },
    {
      name: "account_skipped",
      help: "Always 1; there for each account of the organization that was not audited. Nothing is known of it.",
      samples: accounts.flatMap((account) =>
        account.status === "skipped"
          ? { labels: { account: account.id, reason: account.reason.code }, value: 1 }
          : [],
      ),
    },
  ];
}

/** Also not where findings may be of another account than they say, or an account may be missing. */
function isAllRead({ findings, accountAssumed, managementAccountUnknown }: Report): boolean {
  return (
    accountAssumed !== true &&
    managementAccountUnknown !== true &&
    findings.every(({ status }) => status !== "INSUFFICIENT_DATA")
  );
}
