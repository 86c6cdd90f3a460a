import { ConfigError } from "../audit/run-error.ts";
import { type ConfigLayer, formatPath, readLayer } from "../config/layer.ts";
import { eventSource } from "../config/schema.ts";

/**
 * Reads the scope that an event asks for: a JSON object with `regions`, `accounts` or `rules`, or an
 * empty text.
 *
 * @param name - what messages call the text
 * @throws {@link ConfigError} when the text is neither a JSON object nor empty; problems of the
 *   object itself are in the layer
 */
export function readRunRequest(text: string, name: string): ConfigLayer {
  return layerOf(parseObject(text, name), name);
}

/** Checks the scope in the object of an event. */
export function layerOf(values: object, name: string): ConfigLayer {
  return readLayer(values, (path) => `${name}.${formatPath(path)}`, eventSource());
}

/**
 * The text of an event, which Function Compute gives as bytes; no event at all is an empty text.
 *
 * @throws {@link ConfigError} when it is anything else, which other runtimes may give
 */
export function textOf(event: unknown): string {
  if (event === undefined) return "";
  if (event instanceof Uint8Array) return new TextDecoder().decode(event);
  throw new ConfigError(["event: is not bytes. Hand it over as a Buffer that holds JSON."]);
}

/**
 * Parses JSON that must be an object; an empty text is an empty object.
 *
 * @throws {@link ConfigError} when it is not JSON, or not an object
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
  'Send nothing, {}, or an object with "regions", "accounts" or "rules", such as {"regions":["cn-hangzhou"]}.';
