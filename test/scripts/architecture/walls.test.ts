import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { breachesOf } from "../../../scripts/architecture/breaches.ts";
import { LAYERS } from "../../../scripts/architecture/layers.ts";
import { readSource } from "../../../scripts/architecture/read-source.ts";
import { ROOT } from "../../../scripts/bundle.ts";
import { runNode } from "../../harness/run-process.ts";

/** Which tool reports a file: the linter, the scanner of `breaches.ts`, both or none. */
type ReportedBy = "linter" | "scanner" | "both" | "none";

/** A folder, a file's text, and the tool that reports the file there. */
type Probe = readonly [folder: string, text: string, reportedBy: ReportedBy];

/** Every form of an import. */
const importsOf = (specifier: string): Probe[1][] => [
  `import { x } from "${specifier}";\nexport const y = x;`,
  `import type { X } from "${specifier}";\nexport type Y = X;`,
  `import { type X } from "${specifier}";\nexport type Y = X;`,
  `import * as all from "${specifier}";\nexport const y = all;`,
  `import "${specifier}";`,
  `export { x } from "${specifier}";`,
  `export type { X } from "${specifier}";`,
  `export * from "${specifier}";`,
  `export * as all from "${specifier}";`,
  `export const y = await import("${specifier}");`,
  `import old = require("${specifier}");\nexport const y = old;`,
];

/** Forms that the linter does not check. */
const unlintedImportsOf = (specifier: string): Probe[1][] => [
  `export const y = await import(\`${specifier}\`);`,
  `export type Y = import("${specifier}").X;`,
  `export let y: typeof import("${specifier}");`,
];

/** A wall in each of the forms in which an import can be written. */
function broken(folder: string, ...specifiers: string[]): Probe[] {
  return specifiers.flatMap((specifier) => [
    ...importsOf(specifier).map((text): Probe => [folder, text, "both"]),
    ...unlintedImportsOf(specifier).map((text): Probe => [folder, text, "scanner"]),
  ]);
}

/** What a folder may import, in the same forms. */
function kept(folder: string, ...specifiers: string[]): Probe[] {
  return specifiers.flatMap((specifier) =>
    [...importsOf(specifier), ...unlintedImportsOf(specifier)]
      // Of any module: packages that are no ES modules are imported too.
      .filter((text) => !text.includes("require("))
      .map((text): Probe => [folder, text, "none"]),
  );
}

function reported(reportedBy: ReportedBy, folders: readonly string[], ...texts: string[]): Probe[] {
  return folders.flatMap((folder) => texts.map((text): Probe => [folder, text, reportedBy]));
}

const PURE = ["shared/audit", "shared/alerts", "shared/rules"];
const NO_PROCESS = LAYERS.filter(({ access }) => access !== "process")
  .map(({ folder }) => folder)
  .filter((folder) => folder.startsWith("shared/"));
/** For forms of what is the same rule in all of these folders. */
const TWO_OF_SHARED = ["shared/notify/message", "shared/audit"];
const DEPLOYED = [
  ...NO_PROCESS,
  "functions",
  "functions/check",
  "functions/audit",
  "functions/cli",
  "shared/alibaba/credentials",
  "shared/notify/message/words",
];
const READS_NO_ENVIRONMENT = ["functions/check", "functions/cli", "functions", "deploy"];
const ADAPTERS = ["alibaba", "notify", "report", "storage"];

const WALLS: Readonly<Record<string, readonly Probe[]>> = {
  "shared/ does not touch the process": [
    ...reported("linter", NO_PROCESS, "export const { env } = process;"),
    ...reported("linter", NO_PROCESS, "export const x = globalThis;"),
    ...reported("scanner", NO_PROCESS, "declare const process: object;\nexport const x = process;"),
    ...broken("shared/config", "node:process", "process"),
    ...reported(
      "linter",
      TWO_OF_SHARED,
      "export const x = process;",
      "export const x = process.env;",
      'export const x = process["env"];',
      "export const { env } = process;",
      "export const x = globalThis.process;",
      'export const x = globalThis["process"];',
      "export const { process: x } = globalThis;",
      "export const { process: { env } } = globalThis;",
      "const all = globalThis;\nexport const x = all.process;",
      "export const x = global.process.env;",
      'export const x = Reflect.get(globalThis, "process");',
      "export const x = typeof process;",
      "export const x = (process as unknown as { env: object }).env;",
      'export const x = new Function("return process")();',
      'export const x = eval("process");',
      'export const x = (() => 1).constructor("return process")();',
      "export const { constructor: x } = () => 1;",
      "function g(console: object) { return console; }\nexport const x = [g, process];",
    ),
    ...reported(
      "scanner",
      TWO_OF_SHARED,
      "declare const process: { env: object };\nexport const x = process.env;",
      "declare global { var process: { env: object } }\nexport const x = 1;",
      "declare function process(): void;\nexport const x = process;",
      "declare const a: string, process: object;\nexport const x = [a, process];",
      "declare class Date {}\nexport const x = new Date();",
      "declare namespace process { const env: object }\nexport const x = process.env;",
    ),
    ...reported(
      "both",
      ["shared/config", "shared/audit"],
      "// oxlint-disable-next-line no-undef\nexport const x = process.env;",
    ),
    ...reported(
      "none",
      TWO_OF_SHARED,
      "export type Stream = NodeJS.WritableStream;",
      "declare const BUILT_IN: string;\nexport const x = BUILT_IN;",
      "export const f = (process: string): string => process;",
      "export const x = { process: 1 }.process;",
    ),
  ],
  "only the command line changes the cloud": [
    ...["functions/check", "functions/audit"].flatMap((folder) =>
      broken(folder, "../../shared/enable/plan.ts", "../../shared/alibaba/vpc-activation.ts"),
    ),
    ...["shared/entry", "shared/run", "shared/rules", "shared/conclude"].flatMap((folder) =>
      broken(folder, "../enable/plan.ts", "../alibaba/vpc-activation.ts"),
    ),
    ...kept(
      "functions/cli",
      "../../shared/enable/plan.ts",
      "../../shared/alibaba/vpc-activation.ts",
    ),
  ],
  "shared/ neither prints nor exits": [
    ...reported("linter", NO_PROCESS, 'console.log("x");', "process.exit(1);"),
    ...broken("shared/report", "node:console", "node:tty"),
    ...reported(
      "linter",
      TWO_OF_SHARED,
      'console.log("x");',
      'console["error"]("x");',
      "export const { log } = console;",
      "export const print = console.info;",
      'globalThis.console.log("x");',
      'process.stdout.write("x");',
      'process["stderr"].write("x");',
      "export const { stdout } = process;",
      "process.exit(1);",
      "process.exitCode = 1;",
      "process.abort();",
      "export const { exit } = process;",
    ),
    ...reported("linter", ["functions/cli", "deploy"], 'console.log("x");'),
    ...reported("none", TWO_OF_SHARED, "const console = 1;\nexport const x = { console };"),
  ],
  "audit/, alerts/ and rules/ do not read the clock": [
    ...reported(
      "linter",
      PURE,
      "export const x = new Date();",
      "export const x = Date.now();",
      'export const x = Date["now"]();',
      "export const { now } = Date;",
      "const D = Date;\nexport const x = new D();",
      "export const x = globalThis.Date.now();",
      "export const x = performance.now();",
      "export const x = performance.timeOrigin;",
      "setTimeout(() => {}, 1);",
      "setInterval(() => {}, 1);",
      "setImmediate(() => {});",
      "queueMicrotask(() => {});",
      "export const x = AbortSignal.timeout(1);",
    ),
    ...broken("shared/audit", "node:timers", "node:timers/promises", "node:perf_hooks"),
  ],
  "audit/, alerts/ and rules/ use no randomness": [
    ...reported(
      "linter",
      PURE,
      "export const x = Math.random();",
      'export const x = Math["random"]();',
      "export const { random } = Math;",
      "const m = Math;\nexport const x = m.random();",
      "export const x = crypto.randomUUID();",
      "export const x = globalThis.crypto;",
    ),
    ...broken("shared/alerts", "node:crypto", "crypto"),
  ],
  "audit/, alerts/ and rules/ do not depend on the locale": [
    ...reported(
      "linter",
      PURE,
      'export const x = new Intl.Collator("en");',
      "export const { DateTimeFormat } = Intl;",
      'export const x = "a".localeCompare("b");',
      'export const x = "a"["localeCompare"]("b");',
      "export const x = [1].toLocaleString();",
      'export const x = "a".toLocaleLowerCase();',
      'export const x = "a".toLocaleUpperCase();',
      'export const x = ["a"].toSorted((a, b) => a.localeCompare(b));',
      'export const { localeCompare } = "a";',
    ),
  ],
  "audit/, alerts/ and rules/ use no network, package or module of Node": [
    ...reported(
      "linter",
      PURE,
      'export const x = fetch("https://example.com");',
      'export const x = new WebSocket("wss://example.com");',
      "export const x = navigator.language;",
      'export const x = (() => 1).constructor("return this")();',
    ),
    ...broken("shared/audit", "valibot", "node:fs", "fs/promises"),
    ...PURE.flatMap((folder) => broken(folder, "p-map/x.js")),
  ],
  "audit/, alerts/ and rules/ may use the deterministic part of the language": reported(
    "none",
    PURE,
    "export const x = new Map([[1, Math.max(1, 2)]]);",
    "export const x = [3, 1].toSorted((a, b) => a - b).join();",
    "export async function f(signal: AbortSignal): Promise<Error> { return new Error(String(signal)); }",
    "export const x = JSON.stringify({ a: Number.parseInt('1', 10), b: Symbol.iterator, c: 1n });",
    "export class E extends Error { override readonly name = 'E'; }",
  ),
  "audit/ imports itself only": [
    ...broken("shared/audit", "../rules/rule.ts", "../text/columns.ts", "./../retry/retry.ts"),
    ...kept("shared/audit", "./finding.ts", "../audit/finding.ts"),
  ],
  "alerts/ and rules/ import audit/ only": [
    ...broken("shared/rules", "../alerts/plan.ts", "../run/run-audit.ts", "../text/columns.ts"),
    ...broken("shared/alerts", "../rules/rules.ts", "../notify/deliver.ts", "../state/lease.ts"),
    ...kept("shared/rules", "./rule.ts", "../audit/finding.ts"),
    ...kept("shared/alerts", "./plan.ts", "../audit/finding.ts"),
  ],
  "adapters do not import each other": [
    ...ADAPTERS.flatMap((from) =>
      ADAPTERS.filter((to) => to !== from).flatMap((to) =>
        broken(`shared/${from}`, `../${to}/x.ts`),
      ),
    ),
    ...broken("shared/notify", "../../shared/storage/x.ts", "./../alibaba/x.ts"),
    ...broken("shared/notify", "..//storage/x.ts", "../report"),
    ...broken("shared/notify/message/words", "../../../alibaba/ask.ts", "../../../report/table.ts"),
    ...broken("shared/alibaba/credentials", "../../notify/post.ts", "../../storage/blob-store.ts"),
    ...kept(
      "shared/notify/message/words",
      "../words.ts",
      "../../receiver.ts",
      "../../../text/x.ts",
    ),
    ...kept("shared/alibaba/credentials", "./profiles.ts", "../ask.ts", "../../http/endpoint.ts"),
  ],
  "state/ imports storage/ and alerts/, and no other adapter": [
    ...broken("shared/state", "../alibaba/ask.ts", "../notify/post.ts", "../report/table.ts"),
    ...broken("shared/state", "../run/run-audit.ts", "../conclude/alert-memory.ts"),
    ...kept("shared/state", "../storage/blob-store.ts", "../alerts/alert-state.ts"),
  ],
  "config/ imports neither run/ nor conclude/": [
    ...broken("shared/config", "../run/run-audit.ts", "../conclude/run-log.ts", "../entry/x.ts"),
    ...kept("shared/config", "../notify/receiver.ts", "../schedule/next-run.ts", "valibot"),
  ],
  "http/ imports what lies below it": [
    ...broken("shared/http", "../service/endpoints.ts", "../alibaba/ask.ts", "../audit/cloud.ts"),
    ...broken("shared/http", "../config/config.ts", "axios"),
    ...kept("shared/http", "../retry/retry.ts", "../program/environment.ts", "node:https"),
  ],
  "run/ knows the cloud by its port": [
    ...broken("shared/run", "../alibaba/alibaba-cloud.ts", "../http/exchange.ts", "node:https"),
    ...broken("shared/run", "@alicloud/vpc20160428", "@alicloud/openapi-core/dist/client.js"),
    ...kept("shared/run", "../audit/cloud.ts", "../rules/rules.ts", "p-map", "node:crypto"),
  ],
  "only alibaba/ and storage/ import the cloud's packages": [
    ...["entry", "notify", "state"].flatMap((folder) =>
      broken(`shared/${folder}`, "@alicloud/credentials", "ali-oss"),
    ),
    ...broken("functions/check", "@alicloud/vpc20160428", "ali-oss"),
    ...kept("shared/alibaba", "@alicloud/openapi-core", "@alicloud/credentials/dist/src/x.js"),
    ...kept("shared/storage", "ali-oss"),
  ],
  "entries do not import each other": [
    ...broken(
      "functions/check",
      "../audit/audit.ts",
      "../cli/run.ts",
      "../../functions/cli/run.ts",
    ),
    ...broken("functions/audit", "../check/check.ts", "../cli/run.ts"),
    ...broken("functions/cli", "../check/check.ts", "../audit/audit.ts", "./../audit/index.ts"),
    ...broken("functions", "./check/check.ts", "./audit/audit.ts", "../functions/cli/run.ts"),
    ...["check", "audit", "cli"].flatMap((entry) =>
      kept(`functions/${entry}`, "./x.ts", "../environment.ts", "../../shared/audit/report.ts"),
    ),
    ...kept("functions/cli", "../../shared/alibaba/ask.ts", "commander", "node:fs"),
  ],
  "shared/ imports no entry": [
    ...reported(
      "both",
      NO_PROCESS,
      'import { x } from "../../functions/check/check.ts";\nexport const y = x;',
      'import { x } from "../../functions/environment.ts";\nexport const y = x;',
    ),
    ...broken("shared/notify/message/words", "../../../../functions/cli/run.ts"),
    ...broken("shared/entry", "../../functions/environment.ts"),
  ],
  "nothing deployed imports test/, scripts/ or deploy/": [
    ...DEPLOYED.flatMap((folder) => {
      const root = "../".repeat(folder.split("/").length);
      return reported(
        "both",
        [folder],
        `import { x } from "${root}test/harness/home-folder.ts";\nexport const y = x;`,
        `import { x } from "${root}scripts/sdk/small-sdk.ts";\nexport const y = x;`,
        `import type { X } from "${root}deploy/secrets/mask.ts";\nexport type Y = X;`,
        `export { default } from "${root}vitest.config.ts";`,
      );
    }),
    ...["test/harness/home-folder.ts", "scripts/bundle.ts", "deploy/secrets/mask.ts"].flatMap(
      (file) => [
        ...broken("functions/check", `../../${file}`),
        ...broken("shared/config", `../../${file}`, `./../../${file}`),
      ],
    ),
  ],
  "deploy/ imports no entry": [
    ...broken("deploy", "../functions/cli/run.ts", "../functions/environment.ts"),
    ...broken("deploy", "../scripts/build.ts", "../test/harness/run-cli.ts", "../shared/run/x.ts"),
    ...kept("deploy", "./mask.ts", "../shared/config/config.ts", "node:module", "js-yaml"),
  ],
  "process.env is read where the entries begin": [
    ...reported(
      "both",
      READS_NO_ENVIRONMENT,
      "export const x = process.env;",
      'import process from "process";\nexport const x = process["env"];',
      'import { env as x } from "process";\nexport { x };',
    ),
    // The linter treats an imported process as another object than the global one.
    ...reported(
      "scanner",
      READS_NO_ENVIRONMENT,
      'import process from "node:process";\nexport const x = process.env["A"];',
      'import * as p from "node:process";\nexport const x = p.env;',
      'import p from "node:process";\nexport const { env: x } = p;',
      'import p from "node:process";\nexport const { ...x } = p;',
      'import { env } from "node:process";\nexport const x = env;',
      'import { env as x } from "node:process";\nexport { x };',
      'import { default as p } from "node:process";\nexport const x = p.env;',
      'export { env } from "node:process";',
      'export { default } from "node:process";',
      'export * from "node:process";',
    ),
    ...reported(
      "none",
      READS_NO_ENVIRONMENT,
      'import process from "node:process";\nexport const x = process.stdout;',
      "export const f = ({ env }: { env: string }): string => env;",
    ),
  ],
  "no file loads what its imports do not say": [
    ...reported(
      "scanner",
      TWO_OF_SHARED,
      "export const f = (name: string): Promise<unknown> => import(name);",
      'export const f = (name: string): Promise<unknown> => import("./" + name);',
      "export const f = (name: string): Promise<unknown> => import(`./${name}`);",
      '/// <reference path="../../test/harness/home-folder.ts" />\nexport const x = 1;',
    ),
    ...reported(
      "both",
      ["shared/config", "functions/cli"],
      'export const x = require("../../test/harness/home-folder.ts");',
    ),
    ...reported("scanner", ["shared"], "export const x = 1;"),
    ...reported("scanner", ["somewhere/else"], "export const x = 1;"),
  ],
};

const PROBES = Object.entries(WALLS).flatMap(([wall, probes]) =>
  probes.map(([folder, text, reportedBy], index) => ({
    wall,
    text,
    reportedBy,
    file: `${folder}/${wall.replaceAll(/\W+/g, "-")}${index}.ts`,
  })),
);

/** The rules that make up the walls; the probes break others too. */
const WALL_RULES =
  /\((?:no-restricted-\w+|no-undef|no-console|no-process-env|no-require-imports|no-cycle)\)$/;

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

const SLOW_MACHINE_MS = 60_000;

let dir: string;
const reportedByLinter = new Set<string>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-walls-"));
  await cp(`${ROOT}.oxlintrc.json`, join(dir, ".oxlintrc.json"));
  for (const folder of new Set(PROBES.map(({ file }) => dirname(file)))) {
    await mkdir(join(dir, folder), { recursive: true });
  }
  await Promise.all(PROBES.map(({ file, text }) => writeFile(join(dir, file), text)));
  // A cycle of types.
  await writeFile(
    join(dir, "shared/text/a.ts"),
    'import type { B } from "./b.ts";\nexport type A = B[];',
  );
  await writeFile(
    join(dir, "shared/text/b.ts"),
    'import type { A } from "./a.ts";\nexport type B = A[];',
  );
  const { stdout } = await runNode([`${ROOT}node_modules/oxlint/bin/oxlint`, "--format", "json"], {
    env: {},
    cwd: dir,
  });
  const { diagnostics }: { diagnostics: Diagnostic[] } = JSON.parse(stdout);
  for (const { code, filename } of diagnostics) {
    if (WALL_RULES.test(code)) reportedByLinter.add(filename);
  }
}, SLOW_MACHINE_MS);
afterAll(() => rm(dir, { recursive: true }));

function reporterOf(file: string, text: string): ReportedBy {
  const isScanned = breachesOf(file, readSource(file, text)).length > 0;
  if (reportedByLinter.has(file)) return isScanned ? "both" : "linter";
  return isScanned ? "scanner" : "none";
}

describe.each(Object.keys(WALLS))("%s", (wall) => {
  test("every probe is reported by the expected tool, or by none", () => {
    const probes = PROBES.filter((probe) => probe.wall === wall);
    const wrong = probes
      .map(({ file, text, reportedBy: expected }) => ({
        file,
        text,
        expected,
        actual: reporterOf(file, text),
      }))
      .filter(({ expected, actual }) => actual !== expected);
    expect(wrong).toEqual([]);
  });
});

test("the linter reports a cycle of types", () => {
  expect([...reportedByLinter]).toEqual(
    expect.arrayContaining(["shared/text/a.ts", "shared/text/b.ts"]),
  );
});
