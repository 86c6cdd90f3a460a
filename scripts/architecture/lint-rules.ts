import { type Layer, LAYERS } from "./layers.ts";

/** Rules for some files, as oxlint's configuration has them. */
export interface LintOverride {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

/** By each of these names a file reaches every global, or loads what its imports do not say. */
const WAYS_AROUND = [
  "globalThis",
  "global",
  "self",
  "window",
  "eval",
  "Function",
  "require",
  "module",
];

/** Reading the environment, exiting and printing are for the entries. */
const PROCESS_GLOBALS = ["process", "console", ...WAYS_AROUND];

/** What `no-undef` knows as part of the language, and still depends on the clock or the locale. */
const IMPURE_GLOBALS = [...PROCESS_GLOBALS, "Date", "Intl"];

/** The way from any value to `Function`, which reaches every global. */
const PROCESS_PROPERTIES = ["constructor"];

/** Methods whose result also depends on chance or the locale. */
const IMPURE_PROPERTIES = [
  ...PROCESS_PROPERTIES,
  "random",
  "localeCompare",
  "toLocaleString",
  "toLocaleDateString",
  "toLocaleTimeString",
  "toLocaleLowerCase",
  "toLocaleUpperCase",
];

/**
 * Gives the linter's overrides: the walls of each layer, and what a few files are let off. A later
 * `no-restricted-imports` replaces an earlier one in oxlint, so each layer gets all of its own.
 */
export function lintOverrides(): LintOverride[] {
  return [
    ...LAYERS.filter(({ folder }) => !folder.endsWith(".json"))
      .toSorted((a, b) => Number(isWithinAnother(a)) - Number(isWithinAnother(b)))
      .map(overrideOf),
    {
      files: LAYERS.flatMap(({ readsEnvironment = [] }) => readsEnvironment),
      rules: { "node/no-process-env": "off" },
    },
    {
      files: ["scripts/**", "test/**"],
      rules: { "typescript/no-unsafe-type-assertion": "off" },
    },
    { files: ["vitest.config.ts"], rules: { "import/no-default-export": "off" } },
  ];
}

/** A later override replaces an earlier one, so that of a file follows that of its folder. */
function isWithinAnother({ folder }: Layer): boolean {
  return LAYERS.some((other) => other.flat !== true && folder.startsWith(`${other.folder}/`));
}

function overrideOf(layer: Layer): LintOverride {
  const imports = restrictedImports(layer);
  const globals = { pure: IMPURE_GLOBALS, "no-process": PROCESS_GLOBALS, process: [] }[
    layer.access
  ];
  const properties = { pure: IMPURE_PROPERTIES, "no-process": PROCESS_PROPERTIES, process: [] }[
    layer.access
  ];
  const purpose = {
    pure: "is pure: no clock, no randomness, no locale",
    "no-process": "does not touch the process",
    process: "",
  }[layer.access];
  return {
    files: [filesOf(layer)],
    rules: {
      ...(imports.length > 0 && { "no-restricted-imports": ["error", { patterns: imports }] }),
      ...(globals.length > 0 && { "no-restricted-globals": ["error", ...globals] }),
      ...(layer.access === "pure" && { "no-undef": "error" }),
      ...(properties.length > 0 && {
        "no-restricted-properties": [
          "error",
          ...properties.map((property) => ({ property, message: `${layer.folder} ${purpose}.` })),
        ],
      }),
    },
  };
}

/** A name without a slash would match files of that name in every folder. */
function filesOf({ folder, flat }: Layer): string {
  if (folder.endsWith(".ts")) return folder;
  return flat ? `${folder}/*.ts` : `${folder}/**`;
}

/** Patterns of what a layer does not import: other layers by path, packages and Node's modules by name. */
function restrictedImports(layer: Layer): object[] {
  const others = LAYERS.filter((other) => other !== layer && !layer.imports.includes(other.folder));
  const patterns: object[] = [];
  if (others.length > 0) {
    const paths = others.map((other) => pathPattern(layer, other)).join("|");
    const allowed = layer.imports.length === 0 ? "itself" : layer.imports.join(", ");
    patterns.push({
      // Of two dots or one: a flat layer lies above other layers.
      regex: `(^|/)\\.\\.?/+(${paths})`,
      message: `${layer.folder} imports no other folder than ${allowed}.`,
    });
  }
  if (layer.packages !== "any" || layer.builtins !== "any") {
    patterns.push({
      group: ["*", "!./**", "!../**", ...allowedNames(layer).map((name) => `!${name}`)],
      message: `${layer.folder} imports only the packages and Node's modules of its row in scripts/architecture/layers.ts.`,
    });
  }
  return patterns;
}

/** The path to another layer as it is written from this one: with or without the folder that both are in. */
function pathPattern(layer: Layer, other: Layer): string {
  const parent = layer.flat ? layer.folder : layer.folder.split("/").slice(0, -1).join("/");
  const isSibling = parent !== "" && other.folder.startsWith(`${parent}/`);
  const path = isSibling
    ? `(${parent}/)?${other.folder.slice(parent.length + 1)}`
    : other.folder.replaceAll(".", "\\.");
  if (/\.\w+$/.test(other.folder)) return `${path}$`;
  return other.flat ? `${path}/[^/]*$` : `${path}(/|$)`;
}

function allowedNames({ packages = [], builtins = [] }: Layer): string[] {
  const names = packages === "any" ? ["*"] : packages.flatMap((name) => [name, `${name}/**`]);
  const nodes =
    builtins === "any" ? ["node:*", "node:*/**"] : builtins.map((name) => `node:${name}`);
  return [...names, ...nodes];
}
