import * as v from "valibot";

import { ConfigError } from "../../shared/audit/run-error.ts";
import type { ConfigLayer } from "../../shared/config/layer.ts";
import { layerOf, parseObject, readRunRequest, textOf } from "../../shared/entry/run-request.ts";

/** The event of an invocation: what triggered it, and the scope it asks for. */
export interface CheckEvent {
  readonly trigger: "timer" | "event";
  /** The tick of a timer; null where no timer triggered it. */
  readonly tick: Tick | null;
  readonly layer: ConfigLayer;
}

export interface Tick {
  readonly triggerName: string;
  readonly triggerTime: string;
}

/** The event of a time trigger; its payload is always text. */
const TimerEvent = v.strictObject({
  triggerTime: v.string(),
  triggerName: v.string(),
  payload: v.optional(v.string(), ""),
});

/**
 * Reads the event of an invocation.
 *
 * @param event - UTF-8 JSON, or nothing
 * @throws {@link ConfigError} when it is not JSON or has an unknown shape: a trigger that is set up
 *   wrongly must not look like a success
 */
export function readCheckEvent(event: Uint8Array): CheckEvent {
  const body = parseObject(textOf(event), "event");
  if ("resultToken" in body || "invokingEvent" in body) {
    throw new ConfigError([
      "event: comes from Cloud Config, which the audit function answers and this one does not: name that function as SourceIdentifier of the rule.",
    ]);
  }
  if (!("triggerName" in body || "triggerTime" in body)) {
    return { trigger: "event", tick: null, layer: layerOf(body, "event") };
  }
  const timer = v.safeParse(TimerEvent, body);
  if (!timer.success) {
    throw new ConfigError([
      "event: is no timer event, which has the texts triggerName, triggerTime and payload and nothing else. Look at what invokes the function.",
    ]);
  }
  const { triggerName, triggerTime, payload } = timer.output;
  const layer = readRunRequest(payload, "event.payload");
  return { trigger: "timer", tick: { triggerName, triggerTime }, layer };
}
