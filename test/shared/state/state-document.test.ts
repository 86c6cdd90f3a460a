import * as fc from "fast-check";
import { expect, test } from "vitest";

import { EMPTY_STATE, type Entry, keyOf, type State } from "../../../shared/audit/state.ts";
import { parseDocument, serializeDocument } from "../../../shared/state/state-document.ts";
import { stateWith } from "../../harness/state-with.ts";

const ms = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
const text = fc.string({ unit: "binary", maxLength: 12 });
/** Names that an object has without being given them, too. */
const name = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("__proto__", "constructor"));
const byName = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(name, value), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs));

const entry: fc.Arbitrary<Entry> = fc.record({
  ruleId: text,
  accountId: text,
  regionId: text,
  seenAtMs: ms,
  open: fc.option(fc.record({ sinceMs: ms, code: text })),
  unreadable: fc.option(fc.record({ sinceMs: ms, code: text, runs: fc.nat(), lastRunId: text })),
  told: byName(
    fc.record({
      open: fc.option(fc.record({ sinceMs: ms, code: text, atMs: ms })),
      blind: fc.option(fc.record({ sinceMs: ms, atMs: ms })),
    }),
  ),
});
const state: fc.Arbitrary<State> = fc.record({
  generation: fc.nat(),
  entries: fc.uniqueArray(entry, { selector: keyOf, maxLength: 5 }),
  receivers: byName(fc.record({ summaryAtMs: ms })),
});

/** Without an order of entries, and with names that no comparison of objects passes over. */
function comparable({ generation, entries, receivers }: State): unknown {
  const told = new Map(entries.map((it) => [keyOf(it), new Map(Object.entries(it.told))]));
  const bare = new Map(entries.map((it) => [keyOf(it), { ...it, told: null }]));
  return { generation, bare, told, receivers: new Map(Object.entries(receivers)) };
}

test("what is written is what is read", () => {
  fc.assert(
    fc.property(state, (written) => {
      const { state: read, problem } = parseDocument(serializeDocument(written));
      expect(problem).toBeNull();
      expect(comparable(read)).toEqual(comparable(written));
    }),
  );
});

test("equal states are equal texts, an entry a line", () => {
  const there = serializeDocument(stateWith(["cn-b", "cn-a"], 3));
  expect(there).toBe(serializeDocument(stateWith(["cn-a", "cn-b"], 3)));
  expect(there).toBe(`{
  "schemaVersion": 1,
  "generation": 3,
  "entries": [
    {"accountId":"1234567890123456","regionId":"cn-a","ruleId":"flow-log-service-activated","seenAt":"2026-11-22T08:00:00.000Z","open":{"since":"2026-11-21T08:00:00.000Z","code":"NOT_ACTIVATED"},"unreadable":null,"told":{}},
    {"accountId":"1234567890123456","regionId":"cn-b","ruleId":"flow-log-service-activated","seenAt":"2026-11-22T08:00:00.000Z","open":{"since":"2026-11-21T08:00:00.000Z","code":"NOT_ACTIVATED"},"unreadable":null,"told":{}}
  ],
  "receivers": {}
}
`);
  expect(serializeDocument(EMPTY_STATE)).toContain('"entries": [],');
});

const good = JSON.parse(serializeDocument(stateWith(["cn-a"], 7))) as Record<string, unknown>;

test.each<[string, string, "corrupt" | number, number]>([
  ["nothing at all", "", "corrupt", 0],
  ["half a document", serializeDocument(stateWith(["cn-a"], 7)).slice(0, 80), "corrupt", 0],
  ["something else", '{"resources":[]}', "corrupt", 0],
  ["a list", "[]", "corrupt", 0],
  ["null", "null", "corrupt", 0],
  ["an unknown key", JSON.stringify({ ...good, more: 1 }), "corrupt", 7],
  ["no version", JSON.stringify({ ...good, schemaVersion: undefined }), "corrupt", 7],
  ["an old version", JSON.stringify({ ...good, schemaVersion: 0 }), "corrupt", 7],
  ["a version that is text", JSON.stringify({ ...good, schemaVersion: "2" }), "corrupt", 7],
  ["a time that is none", JSON.stringify(good).replace("11-21T", "02-31T"), "corrupt", 7],
  ["a generation that is none", JSON.stringify({ ...good, generation: -1 }), "corrupt", 0],
  ["a newer version", JSON.stringify({ ...good, schemaVersion: 2, more: [] }), 2, 7],
  ["a newer version of another form", '{"schemaVersion":9}', 9, 0],
])(
  "%s is no state; the generation is kept where there is one",
  (_what, document, problem, generation) => {
    expect(parseDocument(document)).toEqual({ problem, state: { ...EMPTY_STATE, generation } });
  },
);

test("where there is nothing, the state is empty", () => {
  expect(parseDocument(null)).toEqual({ problem: null, state: EMPTY_STATE });
});
