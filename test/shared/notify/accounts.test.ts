import { describe, expect, test } from "vitest";

import {
  type Alert,
  alertOf,
  type Change,
  type ChangeEvent,
} from "../../../shared/alerts/alert.ts";
import type { Reason, Status } from "../../../shared/audit/finding.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { SINCE_MS } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import {
  memberId,
  type OrganizationOptions,
  organizationReport,
} from "../../harness/many-accounts.ts";
import { bodiesOf, CHATS, textOf, textsOf } from "./read-bodies.ts";

const REFUSED: Reason = { code: "ROLE_REFUSED", message: "The role was refused." };

/** An alert with the same change in every region that has such a status. */
function alertAbout(
  options: OrganizationOptions,
  event: ChangeEvent = "opened",
  of: Status = "NON_COMPLIANT",
): Alert {
  const report: Report = organizationReport(options);
  const changes = report.findings
    .filter(({ status }) => status === of)
    .map((finding): Change => ({
      event,
      condition: event === "unreadable" ? "unreadable" : "open",
      sinceMs: SINCE_MS,
      finding,
    }));
  return alertOf("alert", report, DEFAULT_RULES, changes, true);
}

function webhookBodies(alert: Alert) {
  const [receiver] = createReceivers([{ type: "webhook", url: "https://127.0.0.1/x" }], DIRECT);
  return receiver?.compose(alert, 1).map(({ body, covers }) => ({
    ...JSON.parse(JSON.stringify(body)),
    covers,
  }));
}

describe("a message about several accounts", () => {
  test("says of each region in which account it is", () => {
    const alert = alertAbout({
      accounts: 2,
      regions: 2,
      name: (index) => (index === 0 ? "prod" : null),
      status: (_account, region) => (region === 0 ? "NON_COMPLIANT" : "COMPLIANT"),
    });
    const text = textOf("dingtalk", alert, { language: "en" });
    expect(text).toContain("Not activated: 2 regions in 2 accounts · VPC flow log service");
    expect(text).toContain(`Account prod (${memberId(0)}) · since`);
    expect(text).toContain(`Account ${memberId(1)} · since`);
    expect(textOf("dingtalk", alert, { language: "zh" })).toContain("未开通：2 个账号的 2 个地域");
  });

  test.each([1, 2])(
    "says whose credentials a command needs, if it is not clear: %i",
    (accounts) => {
      const alert = alertAbout({ accounts, regions: 1, status: () => "NON_COMPLIANT" });
      const note = "Run each command with credentials of its account.";
      for (const type of CHATS) {
        expect(textOf(type, alert, { language: "en" }).includes(note)).toBe(accounts > 1);
      }
      expect(webhookBodies(alert)?.[0]?.data.notes.includes(note)).toBe(accounts > 1);
    },
  );

  test("says so too of what was told before, of what could not be read, and of exemptions", () => {
    const alert = alertAbout({
      accounts: 3,
      regions: 4,
      status: (account, region) =>
        account === 2 ? "INSUFFICIENT_DATA" : region < 3 - account ? "NON_COMPLIANT" : "COMPLIANT",
    });
    const text = textOf(
      "dingtalk",
      { ...alert, changes: alert.changes.slice(0, 1) },
      {
        language: "en",
      },
    );
    expect(text).toContain("Still not activated (already notified): 4 regions in 2 accounts");
    expect(text).toMatch(new RegExp(`prod-0 \\(${memberId(0)}\\): \\S*cn-r1\\S*, \\S*cn-r2`));
    expect(text).toContain(`prod-2 (${memberId(2)}): `);
    expect(text).toContain("TIMEOUT");
  });

  test("counts by account what one message has no room for, those with the most first", () => {
    const alert = alertAbout({
      accounts: 40,
      regions: 30,
      status: (account, region) =>
        region <= account % 30 || account === 39 ? "NON_COMPLIANT" : "COMPLIANT",
    });
    const bodies = bodiesOf("wecom", alert, { language: "en" });
    const text = bodies.map((body) => textsOf(body).join("\n")).join("\n");
    const counts = [...text.matchAll(/prod-\d+ \(\d+\): (\d+) regions?/g)].map(([, n]) =>
      Number(n),
    );
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts[0]).toBe(30);
    expect(text).toContain(`${alert.changes.length} regions in 40 accounts`);
    expect(bodies.length).toBeLessThan(3);
    // The command that makes them compliant is said once for all.
    expect(text.match(/OpenFlowLogService/g)).toHaveLength(bodies.length);
  });

  test("says how many accounts five messages have no room for, and covers them", () => {
    const alert = alertAbout({ accounts: 1_000, regions: 2 });
    const receivers = createReceivers([{ type: "wecom", url: "https://127.0.0.1/x" }], DIRECT);
    const messages = receivers[0]?.compose(alert, 1) ?? [];
    expect(messages).toHaveLength(5);
    expect(new Set(messages.flatMap(({ covers }) => covers))).toEqual(new Set(alert.changes));
    const text = messages.map(({ body }) => JSON.stringify(body)).join("\n");
    const shown = text.match(/prod-\d+（/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(100);
    expect(text).toContain(`另有 ${1_000 - shown} 个账号的 ${2 * (1_000 - shown)} 个地域`);
  });

  test("says once for an account that its role was refused", () => {
    const alert = alertAbout(
      {
        accounts: 3,
        regions: 30,
        status: (account) => (account === 1 ? "INSUFFICIENT_DATA" : "COMPLIANT"),
        reason: REFUSED,
      },
      "unreadable",
      "INSUFFICIENT_DATA",
    );
    const text = textOf("dingtalk", alert, { language: "en" });
    expect(text).toContain(`prod-1 (${memberId(1)}): 30 regions`);
    expect(text).toContain("ROLE_REFUSED, the role of the account was refused");
    expect(text).not.toContain("cn-r7");
    expect(text).toContain("What to do about ROLE");
  });

  test.each(CHATS)("counts the accounts of a summary: %s", (type) => {
    const report = organizationReport({ accounts: 50, regions: 2 });
    const alert = alertOf("summary", report, DEFAULT_RULES, [], true);
    const text = textOf(type, alert, { language: "en" });
    expect(text).toContain("Summary of 100 regions in 50 accounts: 100 not activated");
    expect(text).toContain("and 80 more in 40 accounts");
  });
});

describe("a webhook", () => {
  test("names the account of each change, and of an organization how many there are", () => {
    const [body] = webhookBodies(alertAbout({ accounts: 2, regions: 1 })) ?? [];
    expect(body.data).toMatchObject({
      accountId: null,
      accounts: 2,
      changes: [
        { accountId: memberId(0), accountName: "prod-0" },
        { accountId: memberId(1), accountName: "prod-1" },
      ],
    });
    const [single] = webhookBodies(alertAbout({ accounts: 1, regions: 1 })) ?? [];
    expect(single.data).toMatchObject({ accountId: memberId(0), accountName: "prod-0" });
    expect(single.data).not.toHaveProperty("accounts");
  });

  test("counts by account the changes that five messages have no room for", () => {
    const alert = alertAbout({ accounts: 100, regions: 30 });
    const bodies = webhookBodies(alert) ?? [];
    expect(bodies.length).toBeLessThanOrEqual(5);
    const counted = bodies.flatMap(({ data }) => data.changesByAccount ?? []);
    expect(counted).toHaveLength(100);
    expect(counted[0]).toMatchObject({
      event: "opened",
      accountId: memberId(0),
      accountName: "prod-0",
      count: 30,
      regionIds: ["cn-r0", "cn-r1", "cn-r2", "cn-r3", "cn-r4"],
    });
    for (const { data } of bodies) expect(data.changes).toEqual([]);
    expect(bodies[0].data.changeCounts).toEqual({ opened: 3_000 });
    const covered = new Set(bodies.flatMap(({ covers }) => covers));
    expect(covered).toEqual(new Set(alert.changes));
  });
});

test("an Alertmanager's alert has the account's name as an annotation, which may change", () => {
  const [receiver] = createReceivers(
    [{ type: "alertmanager", url: "https://127.0.0.1/x" }],
    DIRECT,
  );
  const [message] = receiver?.compose(alertAbout({ accounts: 1, regions: 1 }), 1) ?? [];
  expect(message?.body).toMatchObject([
    { labels: { account_id: memberId(0) }, annotations: { account_name: "prod-0" } },
  ]);
  expect(JSON.stringify(message?.body)).toContain("prod-0");
});
