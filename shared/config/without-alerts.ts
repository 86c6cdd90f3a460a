import type { ConfigFile } from "./layer.ts";

/**
 * A configuration file for a function that never alerts: it is to know no receiver's secret, and
 * neither a state nor a heartbeat.
 */
export function withoutAlerts(file: ConfigFile | null): ConfigFile | null {
  if (file === null || Object(file.values) !== file.values || Array.isArray(file.values))
    return file;
  const {
    alerts: _alerts,
    state: _state,
    heartbeat: _heartbeat,
    ...values
  }: Record<string, unknown> = { ...Object(file.values) };
  return { ...file, values };
}
