/** The labels that every alert has already, and that identify it from run to run. */
export const OWN = new Set([
  "alertname",
  "rule_id",
  "account_id",
  "region_id",
  "resource_id",
  "resource_type",
  "control",
  "severity",
]);

/**
 * Says what is wrong with the name of a label for an Alertmanager, or null.
 *
 * @see https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
 */
export function problemOfLabelName(name: string): string | null {
  if (OWN.has(name)) return "is a label that the alert has by itself: choose another name";
  if (/^(?!__)[a-zA-Z_]\w{0,63}$/.test(name)) return null;
  return "is not the name of a label: write letters, digits and _, no digit and no __ first";
}

/** Says what is wrong with the value of a label, or null. Never quotes it. */
export function problemOfLabelValue(value: string): string | null {
  if (value === "") return "is empty, which is as good as no label";
  return /^\P{C}{1,256}$/u.test(value)
    ? null
    : "has a control character in it, or more than 256 characters (value not shown)";
}
