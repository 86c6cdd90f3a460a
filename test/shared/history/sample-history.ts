import type { HistoryOptions } from "../../../shared/history/history-format.ts";
import type { History } from "../../../shared/history/history.ts";
import { Ledger } from "../../../shared/history/ledger.ts";
import { makeHistory } from "../../../shared/history/make-history.ts";
import { dayOf, parseDay } from "../../../shared/history/utc-day.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { runsOf } from "./timeline.ts";

const RULES = await loadRules(RULE_IDS);

/** A name that a format could take for something else. */
export const HOSTILE_NAME =
  "=cmd|'/c calc'!A1<img src=x onerror=alert(1)></script>\"|\u001b[31m\u202e\ud800\n__proto__";

export const HISTORY_OPTIONS: HistoryOptions = {
  evidence: "file:./evidence/",
  madeAt: "2026-03-11T00:00:00.000Z",
  cards: RULES,
  color: false,
  columns: null,
};

/** Ten days of regions and resources, with everything that a history can say, and hostile names. */
export function sampleHistory(): History {
  const reports = runsOf({
    "cn-a": "CCN ?CCeCC",
    "cn-b": "CCC CCCCCC",
    "cn-a/vpc-1": "CNC CCCC  ",
    "cn-a/vpc-2": "CCC CCCCCC",
    "cn-b/": "AAA AAAAAA",
  }).map((report) => ({
    ...report,
    accounts: report.accounts.map((account) => ({ ...account, name: HOSTILE_NAME })),
    findings: report.findings.map((finding) =>
      finding.resource === undefined
        ? finding
        : { ...finding, resource: { ...finding.resource, name: HOSTILE_NAME } },
    ),
  }));
  const day = parseDay("2026-03-10") ?? 0;
  const ledger = new Ledger(reports.map(({ startedAt }) => dayOf(Date.parse(startedAt))));
  for (const report of reports) ledger.add(report);
  const history = makeHistory(ledger, RULES, { from: null, to: day, isOpen: false }, [
    {
      name: `2026/03/04/${HOSTILE_NAME}.manifest.json`,
      day: day - 6,
      code: "REPORT_CHANGED",
      message: "the report was changed",
    },
  ]);
  return {
    ...history,
    trail: {
      accountId: "1234567890123456",
      from: "2026-03-01T00:00:00.000Z",
      to: "2026-03-11T00:00:00.000Z",
      isCut: true,
      events: [
        {
          eventId: "EVENT-1",
          at: "2026-03-01T20:00:00.000Z",
          regionId: "cn-a",
          name: "DeactiveFlowLog",
          identityType: "ram-user",
          accountId: "1234567890123456",
          principalId: "2",
          userName: HOSTILE_NAME,
          accessKeyEnd: "Else",
          sourceIp: "203.0.113.7",
          flowLogId: "fl-1",
          resourceId: null,
          errorCode: null,
        },
      ],
      failures: [{ regionId: "cn-b", code: "TIMEOUT", message: HOSTILE_NAME }],
      otherAccounts: ["1111111111111111"],
      problem: null,
    },
  };
}
