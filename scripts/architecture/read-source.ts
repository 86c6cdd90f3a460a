import { parseSync, Visitor } from "rolldown/utils";

import { environmentReads } from "./environment-reads.ts";

/** One place where a file names another module, in whatever form. */
export interface Import {
  /** As written; null where it is put together when the program runs. */
  readonly specifier: string | null;
  /** Counted from 1. */
  readonly line: number;
}

/** A name that a file declares without giving it a value, such as `declare const name: string`. */
export interface AmbientName {
  /** `globalThis` for `declare global`. */
  readonly name: string;
  readonly line: number;
}

/** What the walls need to know of a file's text. */
export interface SourceText {
  readonly imports: readonly Import[];
  readonly ambientNames: readonly AmbientName[];
  /** Lines that take `env` from the process, global or imported. */
  readonly environmentLines: readonly number[];
  /** Lines of comments that switch the linter or the compiler off, or load types by path. */
  readonly directiveLines: readonly number[];
}

/** The part of a node that is asked for. */
interface Expression {
  readonly type: string;
  readonly start: number;
}

/** The part of a declaration that is asked for. */
interface Declaration {
  readonly declare?: boolean | undefined;
  readonly start: number;
  readonly id: Readonly<{ type: string; name?: unknown }> | null;
}

const DIRECTIVE =
  /\b(?:oxlint|eslint)-disable|@ts-(?:ignore|expect-error|nocheck)|^\/\s*<reference/;

/**
 * Reads a TypeScript file with a parser: its imports, types included, and what could hide something
 * from the linter.
 *
 * @throws {@link Error} when the text is no TypeScript
 */
export function readSource(file: string, text: string): SourceText {
  const { program, comments, errors } = parseSync(file, text, { lang: "ts" });
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);

  const imports: Import[] = [];
  const ambientNames: AmbientName[] = [];
  const lineOf = (start: number): number => text.slice(0, start).split("\n").length;
  const add = (source: Expression): void => {
    imports.push({ specifier: literalOf(source), line: lineOf(source.start) });
  };
  const addAmbient = ({ declare, start, id }: Declaration): void => {
    if (declare !== true || id?.type !== "Identifier") return;
    const name = id.name === "global" ? "globalThis" : String(id.name);
    ambientNames.push({ name, line: lineOf(start) });
  };
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => source !== null && add(source),
    ImportExpression: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
    TSExternalModuleReference: ({ expression }) => add(expression),
    CallExpression: ({ callee, arguments: [argument] }) => {
      if (callee.type === "Identifier" && callee.name === "require" && argument) add(argument);
    },
    VariableDeclaration: ({ declare, declarations }) => {
      for (const { start, id } of declarations) addAmbient({ declare, start, id });
    },
    FunctionDeclaration: addAmbient,
    TSDeclareFunction: addAmbient,
    ClassDeclaration: addAmbient,
    TSModuleDeclaration: addAmbient,
  }).visit(program);
  return {
    imports,
    ambientNames,
    environmentLines: environmentReads(program).map(lineOf),
    directiveLines: comments
      .filter(({ value }) => DIRECTIVE.test(value))
      .map(({ start }) => lineOf(start)),
  };
}

function literalOf(source: Expression): string | null {
  if ("value" in source && typeof source.value === "string") return source.value;
  // A template without anything to fill in.
  if (!("quasis" in source) || !Array.isArray(source.quasis) || source.quasis.length !== 1) {
    return null;
  }
  const [quasi]: { value?: { cooked?: unknown } }[] = source.quasis;
  const cooked = quasi?.value?.cooked;
  return typeof cooked === "string" ? cooked : null;
}
