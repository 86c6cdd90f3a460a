import type { Node } from "acorn";

import { parseSdk } from "./parse-sdk.ts";
import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/** `var CreateVpcRequest_1 = require("./CreateVpcRequest");` */
const LOAD = /^var (?<variable>\w+) = require\("\.\/\w+"\);$/;
/** Exports a model from the variable of the preceding statement. */
const EXPORT =
  /^Object\.defineProperty\(exports, "(?<model>\w+)", \{ enumerable: true, get: function \(\) \{ return (?<variable>\w+)\.\k<model>; \} \}\);$/;
/** Declares the exports of models before they are loaded. */
const LIST = /^(?:exports\.\w+ = )+void 0;$/;
const HEAD = [
  '"use strict";',
  'Object.defineProperty(exports, "__esModule", { value: true });',
] as const;

/**
 * Removes all models from the barrel except those in `needed` and in `words`. A model loads the
 * models that it consists of by itself.
 *
 * @param file - the name of the text in errors
 * @param needed - models that must exist
 * @param words - words that may be names of models
 * @throws {@link UnknownSdkTextError} when the text does not have the layout of the SDK's generator,
 *   or lacks a needed model
 */
export function pruneModels(
  file: string,
  text: string,
  needed: ReadonlySet<string>,
  words: ReadonlySet<string>,
): string {
  const statements = parseSdk(file, text).body.map(({ start, end }: Node) =>
    text.slice(start, end),
  );
  if (HEAD.some((line, index) => statements[index] !== line)) {
    throw new UnknownSdkTextError(file, `It does not begin with ${HEAD.join(" ")}`);
  }
  const models = new Map<string, string>();
  let load = "";
  for (const statement of statements.slice(HEAD.length)) {
    const exported = EXPORT.exec(statement)?.groups;
    if (LOAD.test(statement)) {
      load = statement;
    } else if (exported && exported["variable"] === LOAD.exec(load)?.groups?.["variable"]) {
      models.set(String(exported["model"]), `${load}\n${statement}`);
    } else if (!LIST.test(statement)) {
      throw new UnknownSdkTextError(file, `It holds the statement ${statement.slice(0, 200)}`);
    }
  }
  for (const model of needed) {
    if (!models.has(model)) throw new UnknownSdkTextError(file, `It lacks the model ${model}.`);
  }
  const kept = [...models].filter(([model]) => needed.has(model) || words.has(model));
  return [
    ...HEAD,
    ...kept.map(([model]) => `exports.${model} = void 0;`),
    ...kept.map(([, statement]) => statement),
  ].join("\n");
}
