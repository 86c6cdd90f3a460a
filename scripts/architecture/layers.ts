/**
 * What the code of a layer may touch.
 *
 * - `pure`: what it is given. No clock, no randomness, no locale, no package.
 * - `no-process`: the network and files too, but not the process: it neither reads the environment, prints nor exits.
 * - `process`: everything.
 */
export type Access = "pure" | "no-process" | "process";

/** A folder, and what the files in it may import beside each other. */
export interface Layer {
  /** From the repository's root; a file's name for a layer of one file. */
  readonly folder: string;
  /** Whether the folder's own files alone are meant, and its subfolders are other layers. @default false */
  readonly flat?: true;
  readonly access: Access;
  /** Folders of other layers, all of which come later in the table. */
  readonly imports: readonly string[];
  /** Names of npm packages. @default none */
  readonly packages?: readonly string[] | "any";
  /** Node's modules, without `node:`. @default none */
  readonly builtins?: readonly string[] | "any";
  /** Files that may read `process.env`. @default none */
  readonly readsEnvironment?: readonly string[];
}

/** What all entries share, from the wiring down. */
const SHARED: readonly Layer[] = [
  {
    folder: "shared/entry",
    access: "no-process",
    imports: [
      "shared/conclude",
      "shared/config",
      "shared/run",
      "shared/rules",
      "shared/evidence",
      "shared/state",
      "shared/alibaba",
      "shared/notify",
      "shared/storage",
      "shared/service",
      "shared/http",
      "shared/program",
      "shared/retry",
      "shared/audit",
    ],
  },
  {
    folder: "shared/fan-out",
    access: "no-process",
    imports: [
      "shared/config",
      "shared/run",
      "shared/rules",
      "shared/alibaba",
      "shared/report",
      "shared/service",
      "shared/http",
      "shared/retry",
      "shared/text",
      "shared/audit",
    ],
    packages: ["p-map", "valibot"],
  },
  {
    folder: "shared/history",
    access: "no-process",
    imports: [
      "shared/evidence",
      "shared/run",
      "shared/report",
      "shared/retry",
      "shared/text",
      "shared/audit",
    ],
    packages: ["picocolors"],
  },
  {
    folder: "shared/enable",
    access: "no-process",
    imports: ["shared/run", "shared/rules", "shared/retry", "shared/text", "shared/audit"],
  },
  {
    folder: "shared/conclude",
    access: "no-process",
    imports: [
      "shared/evidence",
      "shared/state",
      "shared/notify",
      "shared/alerts",
      "shared/retry",
      "shared/audit",
    ],
  },
  {
    folder: "shared/evidence",
    access: "no-process",
    imports: [
      "shared/state",
      "shared/alerts",
      "shared/report",
      "shared/storage",
      "shared/retry",
      "shared/text",
      "shared/audit",
    ],
    packages: ["p-map", "valibot"],
    builtins: ["crypto", "path"],
  },
  {
    folder: "shared/config",
    access: "no-process",
    imports: [
      "shared/rules",
      "shared/notify",
      "shared/storage",
      "shared/http",
      "shared/schedule",
      "shared/program",
      "shared/text",
      "shared/audit",
    ],
    packages: ["valibot", "yaml"],
    builtins: ["fs"],
  },
  {
    folder: "shared/run",
    access: "no-process",
    imports: ["shared/rules", "shared/retry", "shared/text", "shared/audit"],
    packages: ["p-map"],
    builtins: ["crypto"],
  },
  { folder: "shared/rules", access: "pure", imports: ["shared/audit"] },
  {
    folder: "shared/state",
    access: "no-process",
    imports: ["shared/alerts", "shared/storage", "shared/retry", "shared/audit"],
    packages: ["valibot"],
    builtins: ["crypto", "path", "timers/promises"],
  },
  {
    folder: "shared/alibaba/vpc-activation.ts",
    access: "no-process",
    imports: ["shared/alibaba", "shared/service", "shared/audit"],
    packages: ["@alicloud/vpc20160428", "valibot"],
  },
  {
    folder: "shared/alibaba",
    access: "no-process",
    imports: [
      "shared/service",
      "shared/http",
      "shared/program",
      "shared/retry",
      "shared/text",
      "shared/audit",
    ],
    packages: [
      "@alicloud/credentials",
      "@alicloud/fc2",
      "@alicloud/openapi-core",
      "@alicloud/vpc20160428",
      "@darabonba/typescript",
      "valibot",
      "yaml",
    ],
    builtins: ["child_process", "crypto", "fs/promises", "os", "path", "querystring"],
  },
  {
    folder: "shared/notify",
    access: "no-process",
    imports: [
      "shared/alerts",
      "shared/http",
      "shared/program",
      "shared/retry",
      "shared/text",
      "shared/audit",
    ],
    builtins: ["crypto", "http", "timers/promises", "zlib"],
  },
  {
    folder: "shared/report",
    access: "no-process",
    imports: ["shared/text", "shared/audit"],
    packages: ["csv-stringify", "picocolors", "valibot"],
    builtins: ["crypto"],
  },
  {
    folder: "shared/storage",
    access: "no-process",
    imports: ["shared/service", "shared/http", "shared/retry", "shared/text", "shared/audit"],
    packages: ["ali-oss"],
    builtins: ["crypto", "fs", "fs/promises", "net", "path", "timers/promises"],
  },
  { folder: "shared/service", access: "no-process", imports: ["shared/http"] },
  {
    folder: "shared/http",
    access: "no-process",
    imports: ["shared/program", "shared/retry", "shared/text"],
    builtins: ["http", "https", "net", "stream", "url"],
  },
  { folder: "shared/schedule", access: "no-process", imports: ["shared/audit"] },
  { folder: "shared/alerts", access: "pure", imports: ["shared/audit"] },
  { folder: "shared/program", access: "no-process", imports: ["package.json"] },
  {
    folder: "shared/retry",
    access: "no-process",
    imports: ["shared/audit"],
    builtins: ["timers/promises"],
  },
  {
    folder: "shared/text",
    access: "no-process",
    imports: [],
    packages: ["get-east-asian-width"],
  },
  { folder: "shared/audit", access: "pure", imports: [] },
];

/** What changes the cloud: the command line alone may do it. */
const CHANGES = ["shared/enable", "shared/alibaba/vpc-activation.ts"];

/** An entry brings together whatever it needs of shared/, and nothing of another entry. */
const ENTRY_IMPORTS = ["functions", ...SHARED.map(({ folder }) => folder)];

/** The functions only read. */
const FUNCTION_IMPORTS = ENTRY_IMPORTS.filter((folder) => !CHANGES.includes(folder));

/** Who may import whom. Each layer imports layers further down only, so that there is no cycle. */
export const LAYERS: readonly Layer[] = [
  {
    folder: "test",
    access: "process",
    imports: [
      "scripts",
      "deploy",
      "functions/cli",
      "functions/audit",
      "functions/check",
      ...ENTRY_IMPORTS,
      "package.json",
    ],
    packages: "any",
    builtins: "any",
    readsEnvironment: ["test/**"],
  },
  {
    folder: "vitest.config.ts",
    access: "process",
    imports: [],
    packages: ["vitest"],
  },
  {
    folder: "scripts",
    access: "process",
    imports: ["shared/config", "shared/http", "shared/audit"],
    packages: [
      "@cyclonedx/cyclonedx-library",
      "acorn",
      "acorn-walk",
      "esbuild",
      "fflate",
      "oxfmt",
      "rolldown",
      "yaml",
    ],
    builtins: "any",
    readsEnvironment: ["scripts/**"],
  },
  {
    folder: "deploy",
    access: "process",
    imports: [
      "shared/entry",
      "shared/config",
      "shared/schedule",
      "shared/program",
      "shared/text",
      "shared/audit",
    ],
    packages: ["dotenv", "js-yaml", "valibot"],
    builtins: "any",
    readsEnvironment: ["deploy/deploy.ts", "deploy/ci/action/main.ts"],
  },
  {
    folder: "functions/cli",
    access: "process",
    imports: ENTRY_IMPORTS,
    packages: ["commander", "node-cron", "ora", "picocolors", "yaml"],
    builtins: "any",
  },
  {
    folder: "functions/audit",
    access: "process",
    imports: FUNCTION_IMPORTS,
    packages: ["valibot"],
    builtins: "any",
  },
  {
    folder: "functions/check",
    access: "process",
    imports: FUNCTION_IMPORTS,
    packages: ["valibot"],
    builtins: "any",
  },
  {
    folder: "functions",
    flat: true,
    access: "process",
    imports: ["shared/program"],
    builtins: "any",
    readsEnvironment: ["functions/environment.ts"],
  },
  ...SHARED,
  { folder: "package.json", access: "pure", imports: [] },
];

/**
 * Finds the layer that a file belongs to.
 *
 * @param file - from the repository's root
 * @returns undefined for a file of no layer, which nothing may import
 */
export function layerOf(file: string): Layer | undefined {
  return LAYERS.find(({ folder, flat = false }) => {
    if (file === folder) return true;
    if (!file.startsWith(`${folder}/`)) return false;
    return !flat || !file.slice(folder.length + 1).includes("/");
  });
}

/** Whether a list of the table has a name. */
export function allows(list: readonly string[] | "any" | undefined, name: string): boolean {
  return list === "any" || (list?.includes(name) ?? false);
}
