import type { ConfigFile } from "./layer.ts";

/**
 * A configuration file for a function that never alerts: it is to know no receiver's secret, and
 * no state.
 */
export function withoutAlerts(file: ConfigFile | null): ConfigFile | null {
  if (file === null || Object(file.values) !== file.values || Array.isArray(file.values))
    return file;
  const {
    alerts: _alerts,
    state: _state,
    ...values
  }: Record<string, unknown> = { ...Object(file.values) };
  return { ...file, values };
}
