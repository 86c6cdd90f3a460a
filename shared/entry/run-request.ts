import { ConfigError } from "../audit/run-error.ts";
import { type ConfigLayer, formatPath, readLayer } from "../config/layer.ts";
import { EventSource } from "../config/schema.ts";

/**
 * Reads what an event asks of a run: an object with `regions`, or nothing at all.
 *
 * @param name - what a person calls the text, for messages
 * @throws {@link ConfigError} when the text is neither JSON of an object nor empty; what is wrong
 * with the object itself is in the layer's problems
 */
export function readRunRequest(text: string, name: string): ConfigLayer {
  return layerOf(parseObject(text, name), name);
}

/** Checks an object that came with an event. */
export function layerOf(values: object, name: string): ConfigLayer {
  return readLayer(values, (path) => `${name}.${formatPath(path)}`, EventSource);
}

/**
 * The text of an event, which Function Compute hands over as bytes; none at all is an empty one.
 *
 * @throws {@link ConfigError} when it is anything else, as where something else calls the handler
 */
export function textOf(event: unknown): string {
  if (event === undefined) return "";
  if (event instanceof Uint8Array) return new TextDecoder().decode(event);
  throw new ConfigError(["event: is not bytes. Hand it over as a Buffer that holds JSON."]);
}

/**
 * Parses JSON that must be an object; nothing at all counts as an empty one.
 *
 * @throws {@link ConfigError} when it is none
 */
export function parseObject(text: string, name: string): object {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError([`${name}: is not JSON. ${SHAPES}`]);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError([`${name}: is not an object. ${SHAPES}`]);
}

const SHAPES =
  'Send nothing, {}, or an object with "regions", such as {"regions":["cn-hangzhou"]}.';
