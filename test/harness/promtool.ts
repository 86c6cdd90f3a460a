import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** Whether Prometheus' own tool for rules and metrics is on the PATH; Debian's package is `prometheus`. */
export function hasPromtool(): boolean {
  return spawnSync("promtool", ["--version"]).status === 0;
}

/** Checks a file of rules, and returns what promtool says of it. */
export function checkRules(rules: unknown): string {
  return runPromtool(["check", "rules"], rules);
}

/**
 * Runs unit tests of alerting rules.
 *
 * @param file - path of the file of rules
 * @param tests - as `promtool test rules` reads them, without `rule_files`
 * @returns what promtool says
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export function testRules(file: string, tests: Readonly<Record<string, unknown>>): string {
  return runPromtool(["test", "rules"], { rule_files: [basename(file)], ...tests }, file);
}

/**
 * @param input - content of the file that promtool is given: JSON, which is YAML
 * @param beside - path of a file to be found beside it
 */
function runPromtool(command: readonly string[], input: unknown, beside?: string): string {
  const dir = mkdtempSync(join(tmpdir(), "flowlog-guard-promtool-"));
  try {
    if (beside !== undefined) copyFileSync(beside, join(dir, basename(beside)));
    const path = join(dir, "input.yaml");
    writeFileSync(path, JSON.stringify(input));
    const { stdout, stderr } = spawnSync("promtool", [...command, path], { encoding: "utf8" });
    return stdout + stderr;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
