import type { Report } from "../../../shared/audit/report.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { resourceReport } from "../../harness/resource-report.ts";
import { metricsOf } from "../../shared/report/read-metrics.ts";
import { withExemption } from "../../shared/report/with-exemption.ts";

/** A metric that a query names, and the labels that the query selects or groups it by. */
export interface QueriedMetric {
  readonly name: string;
  readonly labels: readonly string[];
}

const SELECTOR = /\b(flowlog_guard_\w+)(?:\{([^{}]*)\})?/g;
const MATCHER = /(\w+)\s*(?:=~|!~|!=|=)\s*(?:"(?:[^"\\]|\\.)*"|%q)/g;
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([\w\s,]*)\)/g;

/** The metrics of ours in a query of PromQL; labels that it groups by count for each of them. */
export function queriedMetrics(query: string): readonly QueriedMetric[] {
  const grouped = [...query.matchAll(GROUPING)]
    .flatMap(([, labels = ""]) => labels.split(","))
    .map((label) => label.trim())
    .filter((label) => label !== "");
  return [...query.matchAll(SELECTOR)].map(([, name = "", matchers = ""]) => ({
    name,
    labels: [...[...matchers.matchAll(MATCHER)].map(([, label = ""]) => label), ...grouped],
  }));
}

/** The labels that each metric really has, in reports that have everything. */
export async function writtenLabels(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const labels = new Map<string, Set<string>>();
  const samples = await Promise.all(reportsOfEverything().map(async (report) => metricsOf(report)));
  for (const { name, labels: ofSample } of samples.flat()) {
    const known = labels.get(name) ?? new Set();
    for (const label of Object.keys(ofSample)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

function reportsOfEverything(): readonly Report[] {
  return [
    organizationReport([
      { id: CALLER_ID, name: "security", statuses: ["COMPLIANT", "INSUFFICIENT_DATA"] },
      { id: memberId(1), name: "old" },
    ]),
    withExemption(resourceReport([{ id: "vpc-1" }]), "2027-03-31"),
    resourceReport([{ id: "vpc-1" }]),
  ];
}
