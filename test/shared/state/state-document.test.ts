import { readdirSync, readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  EMPTY_STATE,
  type Entry,
  type ConditionRecord,
  type State,
} from "../../../shared/alerts/alert-state.ts";
import { CHANGE_EVENTS } from "../../../shared/alerts/alert.ts";
import { planWithState } from "../../../shared/alerts/plan.ts";
import { applyExemptions } from "../../../shared/audit/exemption.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import { keyOf } from "../../../shared/audit/subject.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import { serializeDocument } from "../../../shared/state/serialize-document.ts";
import { reportWith } from "../../harness/report-with.ts";
import { stateWith } from "../../harness/state-with.ts";

const HOUR_MS = 3_600_000;
const ms = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
const text = fc.string({ unit: "binary", maxLength: 12 });
/** Includes names that every object has. */
const name = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("__proto__", "constructor"));
const byName = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(name, value), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs));

const conditionRecord: fc.Arbitrary<ConditionRecord> = fc.record({
  confirmed: fc.option(
    fc.record(
      { sinceMs: ms, code: fc.option(text), atMs: ms, exemptUntil: fc.option(text) },
      { requiredKeys: ["sinceMs", "code", "atMs"] },
    ),
  ),
  unconfirmed: fc.option(
    fc.record({
      event: fc.constantFrom(...CHANGE_EVENTS),
      sinceMs: ms,
      atMs: ms,
      exemptUntil: fc.option(text),
    }),
  ),
});
const entry: fc.Arbitrary<Entry> = fc.record({
  ruleId: text,
  accountId: text,
  regionId: text,
  seenAtMs: ms,
  open: fc.option(fc.record({ sinceMs: ms, code: text })),
  unreadable: fc.option(fc.record({ sinceMs: ms, code: text, runs: fc.nat(), lastRunId: text })),
  notified: byName(fc.record({ open: conditionRecord, unreadable: conditionRecord })),
});
const state: fc.Arbitrary<State> = fc.record({
  generation: fc.nat(),
  entries: fc.uniqueArray(entry, { selector: keyOf, maxLength: 5 }),
  receivers: byName(fc.record({ summaryAtMs: ms })),
  accounts: byName(fc.record({ seenAtMs: ms, source: text }, { requiredKeys: ["seenAtMs"] })),
});

/** Without an order of entries, and with names that a comparison of objects would skip. */
function comparable({ generation, entries, receivers, accounts }: State): unknown {
  const notified = new Map(entries.map((it) => [keyOf(it), new Map(Object.entries(it.notified))]));
  const bare = new Map(entries.map((it) => [keyOf(it), { ...it, notified: null }]));
  return {
    generation,
    bare,
    notified,
    receivers: new Map(Object.entries(receivers)),
    accounts: new Map(Object.entries(accounts)),
  };
}

test("a document is read as it was written", () => {
  fc.assert(
    fc.property(state, (written) => {
      const { state: read, problem } = parseDocument(serializeDocument(written));
      expect(problem).toBeNull();
      expect(comparable(read)).toEqual(comparable(written));
    }),
  );
});

test("equal states are equal texts, with one subject on a line", () => {
  const there = serializeDocument(stateWith(["cn-b", "cn-a"], 3));
  expect(there).toBe(serializeDocument(stateWith(["cn-a", "cn-b"], 3)));
  expect(there).toBe(`{
  "schemaVersion": 5,
  "generation": 3,
  "entries": [
    {"seenAt":"2026-11-22T08:00:00.000Z","open":{"since":"2026-11-21T08:00:00.000Z","code":"NOT_ACTIVATED"},"notified":{},"subjects":[
      {"accountId":"1234567890123456","regionId":"cn-a","ruleId":"flow-log-service-activated"},
      {"accountId":"1234567890123456","regionId":"cn-b","ruleId":"flow-log-service-activated"}
    ]}
  ],
  "receivers": {},
  "accounts": {}
}
`);
  expect(serializeDocument(EMPTY_STATE)).toContain('"entries": [],');
});

const good = JSON.parse(serializeDocument(stateWith(["cn-a"], 7))) as Record<string, unknown>;

const version2Entry = {
  accountId: "1234567890123456",
  regionId: "cn-a",
  ruleId: "flow-log-service-activated",
  seenAt: "2026-11-22T08:00:00.000Z",
  open: null,
  unreadable: null,
  told: {},
};

test.each<[string, string, "corrupt" | number, number]>([
  ["nothing at all", "", "corrupt", 0],
  ["half a document", serializeDocument(stateWith(["cn-a"], 7)).slice(0, 80), "corrupt", 0],
  ["something else", '{"resources":[]}', "corrupt", 0],
  ["a list", "[]", "corrupt", 0],
  ["null", "null", "corrupt", 0],
  ["an unknown key", JSON.stringify({ ...good, more: 1 }), "corrupt", 7],
  ["no version", JSON.stringify({ ...good, schemaVersion: undefined }), "corrupt", 7],
  ["an old version", JSON.stringify({ ...good, schemaVersion: 0 }), "corrupt", 7],
  ["a version that is text", JSON.stringify({ ...good, schemaVersion: "6" }), "corrupt", 7],
  [
    "one of version 1 with today's entries",
    JSON.stringify({ ...good, schemaVersion: 1 }),
    "corrupt",
    7,
  ],
  [
    "one of version 2 with today's entries",
    JSON.stringify({ ...good, schemaVersion: 2 }),
    "corrupt",
    7,
  ],
  [
    "one of version 3 with today's entries",
    JSON.stringify({ ...good, schemaVersion: 3 }),
    "corrupt",
    7,
  ],
  ...(
    [
      ["with records of version 3 beside its own", { notified: {} }],
      ["with a resource", { resource: { type: "ACS::VPC::VPC", id: "vpc-1" } }],
      ["with a list of records", { told: [] }],
    ] as const
  ).map(([what, more]): [string, string, "corrupt", number] => [
    `one of version 2 ${what}`,
    JSON.stringify({
      ...good,
      schemaVersion: 2,
      entries: [{ ...version2Entry, ...more }],
    }),
    "corrupt",
    7,
  ]),
  ["an invalid time", JSON.stringify(good).replace("11-21T", "02-31T"), "corrupt", 7],
  ["an invalid generation", JSON.stringify({ ...good, generation: -1 }), "corrupt", 0],
  ["a newer version", JSON.stringify({ ...good, schemaVersion: 6, more: [] }), 6, 7],
  ["a newer version of another form", '{"schemaVersion":9}', 9, 0],
])(
  "%s is an invalid state, of which a valid generation is kept",
  (_what, document, problem, generation) => {
    expect(parseDocument(document)).toEqual({ problem, state: { ...EMPTY_STATE, generation } });
  },
);

test("without a document the state is empty", () => {
  expect(parseDocument(null)).toEqual({ problem: null, state: EMPTY_STATE });
});

/**
 * Documents that earlier commits wrote: the state of a fortnight of hourly runs of six regions
 * (version 1), or ten (versions 2 and 4), with seven receivers, after the runs of some hours; and in
 * version 4 that of runs which look at resources.
 */
const RECORDED = new URL("./recorded/", import.meta.url);

function recordedDocuments(version: number): [name: string, text: string][] {
  return readdirSync(RECORDED)
    .filter((name) => name.startsWith(`state-v${version}-`))
    .map((name) => [name, readFileSync(new URL(name, RECORDED), "utf8")]);
}

describe("a document of version 1", () => {
  const recorded = recordedDocuments(1);

  test.each(recorded)(
    "%s is read whole, and written as one of the present version",
    (_name, document) => {
      const { state: read, problem } = parseDocument(document);
      expect(problem).toBeNull();
      const old = JSON.parse(document);
      expect(read.entries).toHaveLength(old.entries.length);
      for (const { regionId, open, unreadable, told } of old.entries) {
        const entry = read.entries.find((candidate) => candidate.regionId === regionId);
        expect(entry?.open?.sinceMs).toBe(open ? Date.parse(open.since) : undefined);
        expect(entry?.unreadable?.runs).toBe(unreadable?.runs);
        for (const [receiver, { open: openBefore, blind }] of Object.entries<typeof old>(told)) {
          const known = entry?.notified[receiver];
          expect(known?.open.confirmed?.atMs).toBe(
            openBefore ? Date.parse(openBefore.at) : undefined,
          );
          expect(known?.unreadable.confirmed?.atMs).toBe(blind ? Date.parse(blind.at) : undefined);
          expect([known?.open.unconfirmed, known?.unreadable.unconfirmed]).toEqual([null, null]);
        }
      }
      expect(comparable(parseDocument(serializeDocument(read)).state)).toEqual(comparable(read));
    },
  );

  test.each(recorded)("%s causes only messages that are due", (_name, document) => {
    const { state: read } = parseDocument(document);
    const old = JSON.parse(document);
    const nowMs = Math.max(...read.entries.map(({ seenAtMs }) => seenAtMs)) + HOUR_MS;
    const run = { runId: "next", startedAtMs: nowMs, finishedAtMs: nowMs, wholeScope: true };
    const chats = Object.keys(old.receivers).map((receiver) => ({
      name: receiver,
      wantsEveryRun: false,
    }));
    // A reminder may be due where an exemption applied: none here.
    const policy = { repeatAfterMs: 999 * HOUR_MS, unreadableAfter: 2, summaryEveryMs: null };
    const statusOf = ({ open, unreadable }: Entry): Status => {
      if (unreadable !== null) return "INSUFFICIENT_DATA";
      return open === null ? "COMPLIANT" : "NON_COMPLIANT";
    };
    const reportOf = (statusFor: (entry: Entry) => Status, exempt: boolean) => {
      const at = new Date(nowMs).toISOString();
      const found = reportWith(read.entries.map(statusFor));
      const named = found.findings.map((finding, index) => ({
        ...finding,
        regionId: String(read.entries[index]?.regionId),
      }));
      const exemption = {
        region: "*",
        account: "*",
        rule: "*",
        resource: "*",
        owner: "net-team",
        reason: "moving out",
        expires: "2026-12-31",
        warnsFrom: "2026-12-24",
      };
      const { findings } = applyExemptions(named, exempt ? [exemption] : [], at);
      return { ...found, findings };
    };
    const eventsOf = ({ changes }: ReturnType<typeof planWithState>): string[] =>
      [...changes]
        .flatMap(([receiver, changes]) =>
          changes.map(({ event, finding }) => `${receiver} ${event} ${finding.regionId}`),
        )
        .toSorted();
    // Slack was down at one of these hours, and is still to be notified.
    const same = planWithState(read, reportOf(statusOf, false), chats, run, policy);
    const missing = old.entries.flatMap(({ regionId, open, unreadable, told }: typeof old) =>
      chats.flatMap(({ name: receiver }) => [
        ...(open && !told[receiver]?.open ? [`${receiver} opened ${regionId}`] : []),
        ...(unreadable?.runs > 1 && !told[receiver]?.blind
          ? [`${receiver} unreadable ${regionId}`]
          : []),
      ]),
    );
    expect(eventsOf(same)).toEqual(missing.toSorted());
    // Whether an exemption was notified before is not recorded: it is not sent again.
    const exempt = planWithState(read, reportOf(statusOf, true), chats, run, policy);
    expect(eventsOf(exempt)).toEqual([]);
    // Each end that is due to a receiver is sent, and no other.
    const over = planWithState(
      read,
      reportOf(() => "COMPLIANT", false),
      chats,
      run,
      policy,
    );
    const due = old.entries.flatMap(({ regionId, told }: typeof old) =>
      Object.entries<typeof old>(told).flatMap(([receiver, { open, blind }]) => [
        ...(open ? [`${receiver} resolved ${regionId}`] : []),
        ...(blind ? [`${receiver} readable ${regionId}`] : []),
      ]),
    );
    expect(due.length).toBeGreaterThan(0);
    expect(eventsOf(over)).toEqual(due.toSorted());
  });
});

describe("a document of version 2", () => {
  test.each(recordedDocuments(2))("%s is read whole", (_name, document) => {
    const { state, problem } = parseDocument(document);
    expect(problem).toBeNull();
    // Version 3 changed only names.
    const renamed = document
      .replaceAll('"told":', '"notified":')
      .replaceAll('"blind":', '"unreadable":')
      .replaceAll('"event":"blind"', '"event":"unreadable"')
      .replace('"schemaVersion": 2', '"schemaVersion": 3');
    expect(parseDocument(renamed)).toEqual({ state, problem: null });
    expect(comparable(parseDocument(serializeDocument(state)).state)).toEqual(comparable(state));
  });

  test("is written shorter: what is remembered alike of several subjects stands there once", () => {
    for (const [, document] of recordedDocuments(2)) {
      expect(serializeDocument(parseDocument(document).state).length).toBeLessThan(document.length);
    }
  });

  test("the recorded ones contain every kind of record", () => {
    const all = recordedDocuments(2)
      .map(([, text]) => text)
      .join();
    for (const event of ["opened", "reminder", "resolved", "blind", "readable"]) {
      expect(all).toContain(`"event":"${event}"`);
    }
    expect(all).toContain('"exemptUntil":"2026-12-09"');
  });
});

describe("a document of version 4", () => {
  const recorded = recordedDocuments(4);

  test.each(recorded)("%s is read whole, and only the version changes", (_name, document) => {
    const { state, problem } = parseDocument(document);
    expect(problem).toBeNull();
    expect(state).not.toHaveProperty("evidence");
    expect(serializeDocument(state)).toBe(
      document.replace('"schemaVersion": 4', '"schemaVersion": 5'),
    );
  });

  test("the recorded ones have resources, who asked, and what is unconfirmed", () => {
    const all = recorded.map(([, text]) => text).join("");
    for (const part of ['"resource":{', '"source":"', '"unconfirmed":{', '"unreadable":{']) {
      expect(all).toContain(part);
    }
  });

  test("with evidence is none: no program wrote it", () => {
    const document = String(recorded[0]?.[1]);
    const evidence = { address: "file:./evidence/", sha256: "0".repeat(64) };
    const text = JSON.stringify({ ...JSON.parse(document), evidence });
    expect(parseDocument(text).problem).toBe("corrupt");
  });
});
