import { expect, test } from "vitest";

import type { ReasonCode, Status } from "../../../../shared/audit/finding.ts";
import { otherAccountNotes } from "../../../../shared/report/table/other-accounts.ts";
import { EN } from "../../../../shared/report/words/en.ts";
import { CALLER_ID, memberId, organizationReport } from "../../../harness/organization-report.ts";

const CHANGE = "Run each command with credentials of its account";
const READ = "the identity that needs the permission is the role";

test.each<[string, string, Status, ReasonCode | undefined, readonly string[]]>([
  ["a command in another account", memberId(1), "NON_COMPLIANT", undefined, [CHANGE]],
  ["a permission in another account", memberId(1), "INSUFFICIENT_DATA", "ACCESS_DENIED", [READ]],
  ["another failure there", memberId(1), "INSUFFICIENT_DATA", "TIMEOUT", []],
  ["nothing wrong there", memberId(1), "COMPLIANT", undefined, []],
  ["a command in the account of the credentials", CALLER_ID, "NON_COMPLIANT", undefined, []],
  ["a permission in it", CALLER_ID, "INSUFFICIENT_DATA", "ACCESS_DENIED", []],
])("%s", (_what, id, status, failure, expected) => {
  const report = organizationReport([
    { id, statuses: [status], ...(failure !== undefined && { failure }) },
  ]);
  expect(otherAccountNotes(report, report.findings, EN)).toEqual(
    expected.map((text) => expect.stringContaining(text)),
  );
});
