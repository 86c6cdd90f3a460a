import { existsSync, readdirSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { CHANGE_EVENTS } from "../../shared/alerts/alert.ts";
import { PROFILE_MODES } from "../../shared/alibaba/credentials/profile-modes.ts";
import { problemsOfFile } from "../../shared/config/layer.ts";
import { inferReceiverType } from "../../shared/notify/receiver-address.ts";
import { descriptorOf, RECEIVER_TYPES } from "../../shared/notify/receivers.ts";
import { table } from "../../shared/report/table.ts";
import { DEFAULT_RULES } from "../../shared/rules/rules.ts";
import { alertWith } from "../harness/alert-with.ts";
import { reportWith } from "../harness/report-with.ts";
import { bodiesOf, textOf } from "../shared/notify/read-bodies.ts";

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

describe("the deployment guide", () => {
  const guide = read("docs/deploy.md");

  test("has a row for every variable of s.yaml, with its default, and for no other", () => {
    const used = [...read("s.yaml").matchAll(/\$\{env\('(\w+)'(?:, '([^']*)')?\)\}/g)].map(
      ([, name, fallback]): [string, string] => [String(name), fallback ?? "none"],
    );
    const rows = [...guide.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]+)`|none) \|/gm)].map(
      ([, name, fallback]) => `${name}: ${fallback ?? "none"}`,
    );
    // Of two uses, the guide is about the first.
    const defaults = new Map(used.toReversed());
    expect(new Set(rows)).toEqual(new Set([...defaults].map((pair) => pair.join(": "))));
  });

  test("names the version of Serverless Devs that the deployment was tried with", () => {
    const version = /KNOWN_VERSION = "([\d.]+)"/.exec(read("deploy/preconditions.ts"))?.[1];
    expect(guide).toContain(`@serverless-devs/s@${version}`);
  });

  test("names the functions, the schedule and the retries that s.yaml has", () => {
    const template = read("s.yaml");
    const retries = /maxAsyncRetryAttempts: (\d)/.exec(template)?.[1];
    expect(guide).toContain(`is repeated ${retries} times`);
    for (const [, name] of template.matchAll(/functionName: (\S+)/g)) {
      expect(guide).toContain(`| \`${name?.replace("${vars.name}", "flowlog-guard")}\` |`);
    }
  });
});

describe("what the docs say of receivers", () => {
  const guide = read("docs/alerts.md");

  test("matches the code in the table of types: hosts, signatures, mentions", () => {
    const words = { mobiles: "mobiles", userIds: "user ids", everyone: "everyone" } as const;
    const rows = guide
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .filter(([, name]) => RECEIVER_TYPES.some((type) => name === `\`${type}\``));
    expect(rows).toHaveLength(RECEIVER_TYPES.length);
    for (const [, name, hosts = "", signed = "", called = ""] of rows) {
      const type = RECEIVER_TYPES.find((known) => name === `\`${known}\``) ?? "webhook";
      for (const [, host = ""] of hosts.matchAll(/`([^`]+)`/g)) {
        expect(inferReceiverType(`https://${host.replace("*", "a.b")}/x`)).toBe(type);
      }
      const { signature, mentions = [] } = descriptorOf(type);
      expect(signed.startsWith("yes")).toBe(signature !== undefined);
      const known = mentions.map((key) => words[key]).join(", ");
      expect(known === "" || known === called).toBe(true);
    }
  });

  test("has a row for every event, and for no other, and names each in the message for programs", () => {
    const [, table = ""] = /^\| event \| when \|\n(.*?)^$/ms.exec(guide) ?? [];
    const rows = [...table.matchAll(/^\| `(\w+)` \| /gm)].map(([, event]) => String(event));
    expect(rows.toSorted()).toEqual([...CHANGE_EVENTS].toSorted());
    const [, section] = guide.split("## Any other endpoint");
    for (const event of CHANGE_EVENTS) expect(section).toContain(`\`${event}\``);
  });

  test("matches the hosts of Teams in other clouds", () => {
    const [, section = ""] = /^## Teams(.*?)^## /ms.exec(guide) ?? [];
    const hosts = [...section.matchAll(/`(\*\.[^`]+)`/g)].map(([, host]) => String(host));
    expect(hosts).toHaveLength(5);
    for (const host of hosts) {
      expect(inferReceiverType(`https://${host.replace("*", "a.b")}/x`)).toBe("teams");
    }
  });

  test("names every label and annotation that an Alertmanager is sent", () => {
    const [, section = ""] = guide.split("## Alertmanager");
    const sent = bodiesOf("alertmanager", alertWith(["opened", "unreadable", "resolved"])).flat();
    const names = sent.flatMap((alert) => {
      const { labels, annotations } = Object(alert);
      return [...Object.keys(labels), ...Object.keys(annotations), labels.alertname];
    });
    expect(new Set(names).size).toBe(15);
    for (const name of names) expect(section).toContain(`\`${name}\``);
    expect(section).toContain(`\`${Object(sent[0]).labels.control}\``);
  });

  test("shows what a generic endpoint is sent", () => {
    const [body] = bodiesOf("webhook", alertWith(["opened", "resolved"]));
    const example = /^```json\n(.*?)^```/ms.exec(guide)?.[1] ?? "";
    for (const key of Object.keys(Object(body).data)) expect(example).toContain(`"${key}": `);
    for (const key of Object.keys(Object(body).data.changes[0])) {
      expect(example).toContain(`"${key}": `);
    }
  });

  test("matches the code in the guide: the example, the keys, the sections, the failures", async () => {
    const { parse } = await import("yaml");
    const example = /^```yaml\n(.*?)^```/ms.exec(guide)?.[1];
    expect(problemsOfFile({ name: "alerts.md", values: parse(String(example)) })).toEqual([]);
    const unknown = { alerts: { receivers: [{ url: "https://x.example", unlikeAnyKey: 1 }] } };
    const [problem = ""] = problemsOfFile({ name: "a file", values: unknown });
    const keys = problem.split("those known here are ")[1]?.split(", ");
    const [, table = ""] = /^\| key \|.*\n((?:\|.*\n)*)/m.exec(guide) ?? [];
    const rows = [...table.matchAll(/^\| `(\w+)` \| /gm)].map(([, key]) => String(key));
    expect(rows.toSorted()).toEqual(keys?.toSorted());
    const sections = [...guide.matchAll(/^## .*\(`([a-z]+)`\)$/gm)].map(([, type]) => type);
    expect(new Set(sections)).toEqual(new Set(RECEIVER_TYPES));
    const union = /type DeliveryFailureCode =(.*?);/s.exec(read("shared/notify/delivery-error.ts"));
    const codes = [...String(union?.[1]).matchAll(/"(\w+)"/g)].map(([, code]) => code);
    for (const code of codes) expect(guide).toMatch(new RegExp(`^\\| .*\`${code}\``, "m"));
  });
});

describe("a picture", () => {
  /** The words of a drawing, without its line breaks. */
  const wordsOf = (path: string): string =>
    read(path)
      .replaceAll(/<[^<>]*>/g, " ")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/ (?=[,;:]( |$))/g, "");

  test("of the table has the table's text", () => {
    const text = table.render(reportWith(["COMPLIANT", "NON_COMPLIANT"]), {
      color: false,
      cards: DEFAULT_RULES,
      wayToAsk: "flag",
    });
    const lines = text
      .split("\n")
      .filter((line) => /^(STATUS|Before|COMPLIANT means|Not asked)/.test(line));
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(wordsOf("docs/audit.svg")).toContain(line.replaceAll(/\s+/g, " "));
    }
  });

  test("of an alert has the alert's text", () => {
    const places = [
      ["cn-heyuan", "China (Heyuan)"],
      ["me-east-1", "UAE (Dubai)"],
      ["cn-beijing", "China (Beijing)"],
      ["ap-southeast-5", "Indonesia (Jakarta)"],
    ] as const;
    const alert = alertWith(["opened", "unreadable", "resolved"], {
      others: ["NON_COMPLIANT", "COMPLIANT", "COMPLIANT", "COMPLIANT", "COMPLIANT"],
      edit(finding) {
        const [regionId = finding.regionId, localName = ""] =
          places[Number(finding.regionId.slice("cn-r".length))] ?? [];
        const unread = finding.status === "INSUFFICIENT_DATA";
        const reason = { code: unread ? "ACCESS_DENIED" : finding.reason.code, message: "" };
        return { ...finding, regionId, localName, reason };
      },
    });
    const lines = textOf("teams", alert).split("\n");
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const shown = line
        .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
        .replaceAll("**", "")
        // Each began at another time.
        .replace(/ \d{4}-.* UTC$/, "");
      expect(wordsOf("docs/alert.svg")).toContain(shown);
    }
  });
});

test("the picture of the page is small enough to load with its guide", () => {
  const picture = readFileSync(new URL("../../docs/report.webp", import.meta.url));
  expect(picture.subarray(8, 12).toString()).toBe("WEBP");
  expect(picture.length).toBeLessThan(200_000);
  expect(read("docs/reports.md")).toContain("](report.webp)");
});

test("the guide to networks names every secret that NODE_DEBUG prints", () => {
  const [warning = ""] = /`NODE_DEBUG` [^`]*/.exec(read("docs/network.md")) ?? [];
  // Node prints the headers of each request, CONNECT to the proxy included.
  for (const secret of ["key id", "security token", "password of the proxy"])
    expect(warning.replaceAll(/\s+/g, " ")).toContain(secret);
});

describe("the architecture", () => {
  const text = read("ARCHITECTURE.md");

  /** The folders in a folder. */
  const foldersIn = (path: string): string[] =>
    readdirSync(new URL(`../../${path}`, import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

  test("lists every folder of the code, and no other", () => {
    const [, layout = ""] = /^```\n(functions\/.*?)^```/ms.exec(text) ?? [];
    const listed = new Map<string, string[]>();
    let path: string[] = [];
    for (const [, indent = "", name = ""] of layout.matchAll(/^( *)([\w-]+)\/ /gm)) {
      path = [...path.slice(0, indent.length / 2), name];
      const parent = path.slice(0, -1).join("/");
      listed.set(parent, [...(listed.get(parent) ?? []), name]);
    }
    // Folders of tests mirror these.
    for (const parent of ["functions", "functions/cli", "shared", "deploy", "scripts"]) {
      expect(listed.get(parent)?.toSorted()).toEqual(foldersIn(parent).toSorted());
    }
    for (const [parent, names] of listed) {
      expect(foldersIn(parent === "" ? "." : parent)).toEqual(expect.arrayContaining(names));
    }
  });

  test("names files that exist", () => {
    const known = /`((?:shared|test|scripts|functions|deploy|docs)\/[\w./-]+)`/g;
    const both = `${text}\n${read("CONTRIBUTING.md")}`;
    const paths = [...both.matchAll(known)].map(([, path]) => String(path));
    expect(paths.length).toBeGreaterThan(30);
    const missing = paths.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)));
    expect(missing).toEqual([]);
  });
});

describe("the guide to credentials", () => {
  const guide = read("docs/credentials.md");

  test("has a row for every mode of a profile, and for no other", () => {
    const [, section = ""] = /^## Modes of a profile\n(.*?)^## /ms.exec(guide) ?? [];
    const rows = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, mode]) => mode);
    expect(rows).toEqual([...PROFILE_MODES]);
  });

  test("has all fields and variables that the code reads", () => {
    const folder = "shared/alibaba/credentials/";
    const code = ["choose-credentials", "role-keys", "service-keys"]
      .map((name) => read(`${folder}${name}.ts`))
      .join("\n");
    const variables = [...code.matchAll(/(?:get|isTrue)\("([A-Z_]+)"\)/g)].map(([, name]) => name);
    expect(variables).toContain("STS_REGION");
    for (const name of variables.filter((variable) => variable !== "IMDSV1_DISABLED")) {
      expect(guide).toContain(`ALIBABA_CLOUD_${name}`);
    }
  });
});
