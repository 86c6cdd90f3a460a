import * as v from "valibot";

import { ConfigError } from "../../shared/audit/run-error.ts";
import { type ConfigLayer, formatPath, readLayer } from "../../shared/config/layer.ts";
import { EventSource } from "../../shared/config/schema.ts";

/** What started a check, and what it asks for. */
export interface CheckEvent {
  readonly trigger: "timer" | "event";
  /** Which tick of which timer it was; null for an event by hand. */
  readonly tick: Tick | null;
  readonly layer: ConfigLayer;
}

export interface Tick {
  readonly triggerName: string;
  readonly triggerTime: string;
}

/** A time trigger's event; its payload is always text. */
const TimerEvent = v.strictObject({
  triggerTime: v.string(),
  triggerName: v.string(),
  payload: v.optional(v.string(), ""),
});

const SHAPES =
  'Send a timer event, {} or an empty event, or an object with "regions", such as {"regions":["cn-hangzhou"]}.';

/**
 * Reads the event of an invocation.
 *
 * @param event - UTF-8 JSON, or nothing
 * @throws {@link ConfigError} when it is not JSON or of no known shape: a trigger that is wrongly
 * wired must not look like a success
 */
export function readCheckEvent(event: Uint8Array): CheckEvent {
  const body = parseObject(new TextDecoder().decode(event), "event");
  if (!("triggerName" in body || "triggerTime" in body)) {
    return { trigger: "event", tick: null, layer: layerOf(body, "event") };
  }
  const timer = v.safeParse(TimerEvent, body);
  if (!timer.success) {
    throw new ConfigError([
      `event: is no timer event, which has the texts triggerName, triggerTime and payload and nothing else. ${SHAPES}`,
    ]);
  }
  const { triggerName, triggerTime, payload } = timer.output;
  return {
    trigger: "timer",
    tick: { triggerName, triggerTime },
    layer: layerOf(parseObject(payload, "event.payload"), "event.payload"),
  };
}

function layerOf(values: object, name: string): ConfigLayer {
  return readLayer(values, (path) => `${name}.${formatPath(path)}`, EventSource);
}

/** Nothing at all counts as an empty object. */
function parseObject(text: string, name: string): object {
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
