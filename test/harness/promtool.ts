import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** Whether Prometheus' own tool for rules and metrics is on the PATH; Debian's package is `prometheus`. */
export function hasPromtool(): boolean {
  return spawnSync("promtool", ["--version"]).status === 0;
}

/**
 * Runs unit tests of alerting rules.
 *
 * @param rules - path of the file of rules
 * @param tests - as `promtool test rules` reads them, without `rule_files`
 * @returns what promtool says; its first test that fails is in it
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export function testRules(rules: string, tests: Readonly<Record<string, unknown>>): string {
  const dir = mkdtempSync(join(tmpdir(), "flowlog-guard-rules-"));
  try {
    copyFileSync(rules, join(dir, basename(rules)));
    // JSON is YAML.
    const file = join(dir, "tests.yaml");
    writeFileSync(file, JSON.stringify({ rule_files: [basename(rules)], ...tests }));
    const { stdout, stderr } = spawnSync("promtool", ["test", "rules", file], { encoding: "utf8" });
    return stdout + stderr;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
