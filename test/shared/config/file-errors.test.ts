import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { readConfigFile } from "../../../shared/config/config-file.ts";
import { readFileLayer } from "../../../shared/config/layer.ts";

const dir = mkdtempSync(join(tmpdir(), "flowlog-guard-file-"));
const FILE = join(dir, "f.yaml");
afterAll(() => rmSync(dir, { recursive: true }));

/** The message about a file with this content, with the file's name shortened; the empty text for none. */
function messageOf(content: string | Uint8Array): string {
  writeFileSync(FILE, content);
  try {
    const { problems } = readFileLayer(readConfigFile(FILE), {});
    return problems.join("\n").replaceAll(FILE, "f.yaml");
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(FILE, "f.yaml") : "";
  }
}

describe("a problem in a configuration file has its line, its column and a suggestion", () => {
  test("in every part of the file, all at once", () => {
    const message = messageOf(`# first
timeout: 10 sec
regoins: [cn-a]
rules:
  - all
  - flow-log-retentoin
alerts:
  repeatAfter: 2 Hours
  receivers:
    - typ: slack
      url: https://hooks.example.com/s3cret
    - type: slak
      url: "\${HOOK}"
      headers: { "a b": s3cret }
      language: cn
  s3cretkeys3cretkey: 1
actiontrail: yes
accounts:
  - id: 1234567890123456
  - { roleName: x }
`);
    const lines = message.split("\n");
    expect(lines.toSorted()).toEqual(
      [
        "f.yaml:2:1: timeout: is not a duration: did you mean 10s?",
        "f.yaml:3:1: regoins: is not a known key: did you mean regions?",
        'f.yaml:6:5: rules[1]: "flow-log-retentoin" is not a rule: did you mean flow-log-retention?',
        "f.yaml:8:3: alerts.repeatAfter: is not a duration: did you mean 2h?",
        "f.yaml:10:7: alerts.receivers[0].typ: is not a known key: did you mean type?",
        "f.yaml:12:7: alerts.receivers[1].type: must be one of webhook, dingtalk, feishu, wecom, slack, teams, alertmanager: did you mean slack?",
        "f.yaml:13:7: alerts.receivers[1].url: the environment variable HOOK is not set",
        "f.yaml:14:18: alerts.receivers[1].headers.a b: is not the name of a header: write letters, digits and -, such as X-Scope-OrgID",
        "f.yaml:15:7: alerts.receivers[1].language: must be one of zh, en",
        "f.yaml:16:3: alerts.(key 3, not shown): is not a known key: those known here are repeatAfter, unreadableAfter, summaryEvery, receivers",
        "f.yaml:17:1: actiontrail: must be true or false: did you mean true?",
        "f.yaml:19:5: accounts[0].id: must be text: put the id in quotes, since a long number is rounded when it is read",
        "f.yaml:20:5: accounts[1].id: is missing",
      ].toSorted(),
    );
    expect(message).not.toContain("s3cret");
  });

  test.each([
    ["10 sec", "did you mean 10s?"],
    ["5 minutes", "did you mean 5m?"],
    ["1.5 Hours", "did you mean 1.5h?"],
    ["90 days", "did you mean 90d?"],
    ["500 msec", "did you mean 500ms?"],
    ["3 months", "write for example"],
    ["3 milliseconds", "write for example"],
    ["1 week", "write for example"],
    ["soon", "write for example"],
    ["1h30m", "write for example"],
  ])("a duration: %s", (text, hint) => {
    expect(messageOf(`timeout: ${text}\n`)).toContain(`is not a duration: ${hint}`);
  });

  test.each([
    ["actiontrail: no", "must be true or false: did you mean false?"],
    ["actiontrail: On", "must be true or false: did you mean true?"],
    ["actiontrail: 1", "f.yaml:1:1: actiontrail: must be true or false"],
    ["settings: { vpc-flow-log-complete: { trafficType: drop } }", ": did you mean Drop?"],
    ["settings: { vpc-flow-log-complet: {} }", "did you mean vpc-flow-log-complete?"],
    [
      "alerts: { receivers: [{ url: 'https://h/x', only: { severity: [hihg] } }] }",
      "f.yaml:1:64: alerts.receivers[0].only.severity[0]: is not a severity: did you mean high?",
    ],
    ["regions: [cn-a, CN-B]", 'f.yaml:1:17: regions[1]: "CN-B" is not a region'],
    ["- regions", "f.yaml:1:1: must be a set of keys and values"],
    ["just text", "f.yaml:1:1: must be a set of keys and values"],
    ["\n\nregions: all,\n", 'f.yaml:3:1: regions[1]: "" is not a region'],
  ])("%j", (text, problem) => {
    expect(messageOf(text)).toContain(problem);
  });
});

describe("what is not YAML is named by its line, and nothing of it is repeated", () => {
  test.each([
    [
      "regions: [cn-a\ntimeout: 5s\n",
      "f.yaml:2:1: is not YAML that can be read, at the key timeout: indent it as",
    ],
    [
      "regions: [a]\n\nregions: [b]\n",
      "f.yaml:3:1: is not YAML that can be read, at the key regions: the key stands there twice",
    ],
    [
      "alerts:\n\trepeatAfter: 1d\n",
      "f.yaml:2:1: is not YAML that can be read, at the key repeatAfter: indent with spaces, not with tabs",
    ],
    [
      "regions: [cn-a]\n---\nregions: [cn-b]\n",
      "f.yaml:2:1: is not YAML that can be read: a second document begins here",
    ],
    [
      'alerts: { receivers: [{ url: "https://h/s3cret\n',
      "f.yaml:2:1: is not YAML that can be read: a quote, bracket",
    ],
    [
      "heartbeat: https://s3cret: x\n",
      'f.yaml:1:12: is not YAML that can be read, at the key heartbeat: put a text with ": " in quotes',
    ],
    ["regions: [*]\n", "put text that begins with * in quotes"],
    ["regions: [!cn-a]\n", "put text that begins with ! in quotes"],
    ["heartbeat: @s3cret\n", "put text that begins with @ in quotes"],
    ["s3cretkey: [\n", "f.yaml:2:1: is not YAML that can be read: "],
    ["regions: &a [*a]\n", "f.yaml: has aliases (*) that contain themselves"],
  ])("%j", (text, problem) => {
    const message = messageOf(text);
    expect(message).toContain(problem);
    expect(message).not.toContain("s3cret");
  });

  test("several faults are named together", () => {
    const message = messageOf("regions: [a]\nregions: [b]\ntimeout: 1s\ntimeout: 2s\n");
    expect(message).toMatch(/^2 problems:\n {2}- f\.yaml:2:1: .*\n {2}- f\.yaml:4:1: /);
  });

  test.each([
    ["UTF-16", Buffer.from("\ufeffregions: [cn-a]\n", "utf16le")],
    ["UTF-16 without a mark", Buffer.from("regions: [cn-a]\n", "utf16le")],
    ["another encoding", Buffer.from("# caf\u00e9\nregions: [cn-a]\n", "latin1")],
  ])("as is %s", (_name, bytes) => {
    expect(messageOf(bytes)).toContain("f.yaml: is not text in UTF-8: save it in that encoding");
  });
});

describe("what is YAML in another way is read", () => {
  test.each([
    ["an empty file", ""],
    ["comments alone", "# nothing yet\n"],
    ["a byte order mark", "\ufeffregions: [cn-a]\n"],
    ["JSON with tabs", '{\n\t"regions": ["cn-a"],\n\t"timeout": "5s"\n}\n'],
    ["one document between marks", "---\nregions: [cn-a]\n...\n"],
    ["line ends of Windows", "regions:\r\n  - cn-a\r\ntimeout: 5s\r\n"],
    ["aliases", "regions: &all [cn-a]\naccounts:\n  - { id: '1', regions: *all }\n"],
    [
      "merged keys",
      "exemptions:\n  - &net { region: cn-a, owner: net, reason: x, expires: 2027-03-31 }\n  - { <<: *net, region: cn-b }\n",
    ],
  ])("%s", (_name, text) => {
    expect(messageOf(text)).toBe("");
  });

  test("a problem behind an alias or a merged key is named where that is used", () => {
    const text =
      "exemptions:\n  - &net { region: cn-a, owner: '', reason: x, expires: 2027-03-31 }\n  - { <<: *net, region: cn-b }\n";
    expect(messageOf(text).split("\n")).toEqual([
      "f.yaml:2:26: exemptions[0].owner: is empty: say it, so that others know",
      "f.yaml:3:5: exemptions[1].owner: is empty: say it, so that others know",
    ]);
  });
});
