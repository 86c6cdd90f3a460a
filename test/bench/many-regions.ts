import process from "node:process";

import { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";
import pMap from "p-map";

import type { Emulator } from "../emulator/emulator.ts";

/** The measurements of one of these programs. */
export interface Cost {
  readonly ms: number;
  /** Of all of the process's threads. */
  readonly cpuMs: number;
}

/** The request to a program, and its answer. */
export interface Question {
  readonly endpoint: string;
  readonly key: Emulator["world"]["keys"][number];
  readonly regions: number;
  readonly concurrency: number;
}

type Program = (question: Question, regionIds: readonly string[]) => Promise<void>;

/** The SDK alone, as its documentation uses it. */
const bareSdk: Program = async ({ endpoint, key, concurrency }, regionIds) => {
  const { host } = new URL(endpoint);
  const client = new VpcSdk.default(
    new $OpenApiUtil.Config({ ...key, endpoint: host, protocol: "HTTP" }),
  );
  const ask = async (regionId: string): Promise<void> => {
    const request = new VpcSdk.GetFlowLogServiceStatusRequest({ regionId });
    const { body } = await client.getFlowLogServiceStatusWithOptions(
      request,
      new RuntimeOptions({}),
    );
    if (body?.enabled !== true) throw new Error(`${regionId} was not read`);
  };
  await pMap(regionIds, ask, { concurrency });
};

/** A whole audit: scope, limits, retries, evidence and report. */
const audit: Program = async ({ endpoint, key, concurrency }, regionIds) => {
  // Imported here, since the comparison needs the SDK without our changes to it.
  const { auditEmulator } = await import("../harness/audit-emulator.ts");
  const { summary } = await auditEmulator(
    { endpoint, world: { keys: [key], regions: {} } },
    { selectors: regionIds, concurrency, deadlineMs: 300_000 },
  );
  if (summary.compliant !== regionIds.length) throw new Error("not all regions were read");
};

const PROGRAMS = { audit, bareSdk };

async function costOf(program: Program, question: Question): Promise<Cost> {
  const regionIds = Array.from({ length: question.regions }, (_, index) => `cn-r${index}`);
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await program(question, regionIds);
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - startedMs, cpuMs: (user + system) / 1_000 };
}

/** Runs one program at each request. A process runs only one, so that its memory can be measured. */
const program = PROGRAMS[process.argv[2] === "audit" ? "audit" : "bareSdk"];
async function answer(question: Question): Promise<void> {
  const cost = await costOf(program, question);
  process.send?.({ ...cost, peakBytes: process.resourceUsage().maxRSS * 1_024 });
}

process.on("message", (question: Question) => void answer(question));
