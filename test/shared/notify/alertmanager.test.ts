import { describe, expect, test } from "vitest";

import type { Alert } from "../../../shared/alerts/alert.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { asSample, SAMPLE_RULE } from "../../harness/sample-rule.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

const ALERT = alertWith(["opened", "resolved"]);

describe("Alertmanager", () => {
  test("identifies an alert by labels that stay the same from run to run", () => {
    const labelsOf = (alert: Alert) => bodiesOf("alertmanager", alert).flat().map(labels);
    const later = { ...ALERT, runId: "another", at: "2026-11-23T08:00:00.000Z" };
    const reminded = {
      ...later,
      changes: later.changes.map((change) => ({ ...change, event: "reminder" as const })),
    };
    const over = {
      ...later,
      changes: later.changes.map((change) => ({ ...change, event: "resolved" as const })),
    };
    expect(labelsOf(reminded)).toEqual(labelsOf(ALERT));
    expect(labelsOf(over)).toEqual(labelsOf(ALERT));
    expect(new Set(labelsOf(ALERT).map((each) => JSON.stringify(each))).size).toBe(2);
    expect(JSON.stringify(labelsOf(ALERT))).not.toContain(ALERT.runId);
  });

  test.each([
    ["opened", "2026-11-22T12:00:01.200Z"],
    ["reminder", "2026-11-22T12:00:01.200Z"],
    ["changed", "2026-11-22T12:00:01.200Z"],
    ["unreadable", "2026-11-22T12:00:01.200Z"],
    ["resolved", ALERT.at],
    ["readable", ALERT.at],
    ["unscoped", ALERT.at],
  ] as const)("%s ends at %s", (event, endsAt) => {
    expect(bodiesOf("alertmanager", alertWith([event]))).toMatchObject([
      [{ startsAt: "2026-11-20T08:17:42.000Z", endsAt }],
    ]);
  });

  test.each(["changed", "reminder", "unreadable"] as const)(
    "an exemption ends it at once: %s",
    (event) => {
      const [open] = bodiesOf("alertmanager", alertWith([event])).flat();
      const exempt = alertWith([event], {
        edit: (finding) => ({
          ...finding,
          status: "IGNORED",
          exemption: {
            owner: "net-team",
            reason: "no workloads",
            expires: "2027-03-31",
            endsSoon: false,
            observed: { status: finding.status, reason: finding.reason },
          },
        }),
      });
      const [ended] = bodiesOf("alertmanager", exempt).flat();
      expect(ended).toMatchObject({ endsAt: ALERT.at });
      expect(labels(ended)).toEqual(labels(open));
    },
  );

  test("keeps the labels that routes match, and names the controls in an annotation", () => {
    const [opened, unreadable] = bodiesOf(
      "alertmanager",
      alertWith(["opened", "unreadable"]),
    ).flat();
    const subject = { rule_id: "flow-log-service-activated", account_id: "1234567890123456" };
    expect(labels(opened)).toEqual({
      alertname: "VpcFlowLogNotActivated",
      ...subject,
      region_id: "cn-r0",
      control: "CIS-2.5",
      severity: "critical",
    });
    expect(labels(unreadable)).toEqual({
      alertname: "VpcFlowLogStatusUnreadable",
      ...subject,
      region_id: "cn-r1",
      control: "CIS-2.5",
      severity: "warning",
    });
    expect(opened).toMatchObject({
      annotations: {
        controls:
          "precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3",
      },
    });
  });

  test("has alertname, severity, control and remedy of the rule", () => {
    const alert = alertWith(["opened", "resolved", "unreadable"], {
      cards: [SAMPLE_RULE],
      edit: (finding) => asSample(finding),
    });
    const subject = { rule_id: "sample-rule", account_id: "1234567890123456", control: "ACME-7" };
    const sample = (index: number) => ({
      ...subject,
      region_id: `cn-r${index}`,
      resource_id: `s-cn-r${index}`,
      resource_type: "ACME::Lab::Sample",
    });
    const [opened, resolved, unreadable] = bodiesOf("alertmanager", alert, {
      language: "zh",
    }).flat();
    expect(opened).toMatchObject({
      annotations: {
        summary: "cn-r0/s-cn-r0 name of s-cn-r0：未就绪",
        command: "acme mend --region cn-r0 --id s-cn-r0",
        command_note: "小心台阶。",
      },
      generatorURL: "https://console.example/cn-r0/s-cn-r0",
    });
    expect(labels(opened)).toEqual({
      alertname: "AcmeSampleOutOfOrder",
      ...sample(0),
      severity: "medium",
    });
    expect(resolved).toMatchObject({
      annotations: { next_step: "请扫地。", console: "https://console.example/cn-r1/s-cn-r1" },
    });
    expect(labels(unreadable)).toEqual({
      alertname: "AcmeSampleUnreadable",
      ...subject,
      region_id: "cn-r2",
      severity: "warning",
    });
    const controlless = alertWith(["opened"], {
      cards: [{ ...SAMPLE_RULE, controls: [] }],
      edit: (finding) => asSample(finding),
    });
    expect(JSON.stringify(bodiesOf("alertmanager", controlless))).not.toContain('"control');
  });

  test("has an alert for each resource of a region, under the same labels whatever its name", () => {
    const alertNaming = (name: string) =>
      alertWith(["opened", "opened"], {
        cards: [SAMPLE_RULE],
        edit: (finding) => ({
          ...finding,
          ruleId: SAMPLE_RULE.id,
          regionId: "cn-a",
          resource: { type: "ACME::Lab::Sample", id: `s-${finding.regionId}`, name },
        }),
      });
    const posted = bodiesOf("alertmanager", alertNaming("x")).flat().map(labels);
    expect(new Set(posted.map((each) => JSON.stringify(each))).size).toBe(2);
    expect(bodiesOf("alertmanager", alertNaming("y")).flat().map(labels)).toEqual(posted);
  });

  test("has an alert and a remedy of its own for each resource, also where ids begin alike", () => {
    const ids = ["a", "b"].map((end) => `${"p".repeat(63)}/${"s".repeat(62)}${end}`);
    const alert = alertWith(["opened", "opened"], {
      cards: [SAMPLE_RULE],
      edit: (finding) => ({
        ...finding,
        ruleId: SAMPLE_RULE.id,
        regionId: "cn-a",
        resource: {
          type: "ACME::Lab::Sample",
          id: String(ids[finding.regionId === "cn-r0" ? 0 : 1]),
        },
      }),
    });
    const posted = bodiesOf("alertmanager", alert).flat();
    expect(posted.map((each) => Object(labels(each))["resource_id"])).toEqual(ids);
    for (const type of CHATS) {
      const text = textOf(type, alert, { language: "en" }).replaceAll("\\", "");
      for (const id of ids) expect(text).toContain(`acme mend --region cn-a --id ${id}`);
    }
  });

  test("expires after the configured time", () => {
    expect(bodiesOf("alertmanager", ALERT, { validForMs: 60_000 })).toMatchObject([
      [{ endsAt: "2026-11-22T08:01:01.200Z" }, { endsAt: ALERT.at }],
    ]);
  });

  test("starts at the end of the run where no state remembers the beginning", () => {
    const changes = ALERT.changes.map((change) => ({ ...change, sinceMs: null }));
    expect(bodiesOf("alertmanager", { ...ALERT, changes })).toMatchObject([
      [{ startsAt: ALERT.at }, { startsAt: ALERT.at, endsAt: ALERT.at }],
    ]);
  });

  test("ends a test alert after five minutes, and gets no summary", () => {
    expect(bodiesOf("alertmanager", { ...ALERT, kind: "test" })).toMatchObject([
      [{ labels: { alertname: "FlowlogGuardTest" }, endsAt: "2026-11-22T08:05:01.200Z" }],
    ]);
    expect(bodiesOf("alertmanager", { ...ALERT, kind: "summary" })).toEqual([]);
  });
});

function labels(alert: unknown): unknown {
  return Object(alert)["labels"];
}
