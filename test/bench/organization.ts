import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { bundle, BUNDLE_OPTIONS, ROOT } from "../../scripts/bundle.ts";
import {
  accountIdsOf,
  EXTERNAL_ID,
  type OrganizationModel,
  regionIdsOf,
  ROLE_NAME,
} from "../large/organization-model.ts";
import { type EmulatedOrganization, startOrganization } from "../large/start-organization.ts";
import { answerOf } from "./answer-of.ts";
import { type BenchResult, duration, megabytes, perSecond } from "./bench-result.ts";
import type { OrganizationQuestion, PeakCost } from "./measure-once.ts";

const CONCURRENCY = 300;
const MODEL: OrganizationModel = { accounts: 1_000, regions: 30, hasFaults: false };
/** How many accounts are asked, and the pattern that selects them by their ids. */
const SIZES = [
  [10, "150000000000000*"],
  [100, "15000000000000*"],
  [1_000, "1500000000000*"],
] as const;
const [, , LARGEST] = SIZES;
/** Processes of each program, in turns; the fastest counts. */
const TURNS = 2;

type OrganizationCost = PeakCost & { readonly mostRoleCallsInASecond: number };
type Program = "check-accounts" | "bare-accounts";

/** The check function in an organization, compared with as many bare calls of the SDK. */
export async function benchOrganization(): Promise<BenchResult> {
  // Inside the package, so that its dependencies are found.
  const dir = await mkdtemp(join(ROOT, "node_modules/.bench-"));
  await using organization = await startOrganization({ model: MODEL });
  try {
    const check = join(dir, "check/index.js");
    await build({
      ...BUNDLE_OPTIONS,
      entryPoints: ["test/bench/check-accounts.ts", "test/bench/bare-accounts.ts"],
      outdir: dir,
      outExtension: { ".js": ".cjs" },
      external: ["@alicloud/*", "@darabonba/*"],
    });
    await bundle("functions/check/index.ts", check);
    const ask = async (name: Program, [accounts, pattern]: (typeof SIZES)[number]) =>
      askOnce(join(dir, `${name}.cjs`), organization, {
        accountIds: accountIdsOf(MODEL).slice(0, accounts),
        pattern,
        check,
      });
    let bare: OrganizationCost | undefined;
    const checks = new Map<number, OrganizationCost>();
    for (let turn = 0; turn < TURNS; turn += 1) {
      bare = betterOf(bare, await ask("bare-accounts", LARGEST));
      for (const size of SIZES) {
        checks.set(size[0], betterOf(checks.get(size[0]), await ask("check-accounts", size)));
      }
    }
    const [few, some, many] = SIZES.map(([accounts]) => checks.get(accounts));
    if (!bare || !few || !some || !many) throw new Error("no turns");
    return resultOf(bare, few, some, many);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** What a program costs in a process of its own. */
async function askOnce(
  program: string,
  organization: EmulatedOrganization,
  question: Pick<OrganizationQuestion, "accountIds" | "pattern" | "check">,
): Promise<OrganizationCost> {
  const { endpoint, key, env } = organization;
  const child: ChildProcess = fork(program, {
    execArgv: [],
    cwd: ROOT,
    env: { ...env, FLOWLOG_GUARD_CONCURRENCY: String(CONCURRENCY) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    child.send({
      ...question,
      endpoint,
      key,
      regionIds: regionIdsOf(MODEL),
      role: { name: ROLE_NAME, externalId: EXTERNAL_ID },
      concurrency: CONCURRENCY,
    } satisfies OrganizationQuestion);
    const cost = await answerOf<PeakCost>(child);
    const { mostRoleCallsInASecond } = await organization.traffic();
    return { ...cost, mostRoleCallsInASecond };
  } finally {
    child.kill();
  }
}

/** What else the machine does only ever makes it longer. */
function betterOf(one: OrganizationCost | undefined, other: OrganizationCost): OrganizationCost {
  if (one === undefined) return other;
  return {
    ms: Math.min(one.ms, other.ms),
    cpuMs: Math.min(one.cpuMs, other.cpuMs),
    peakBytes: Math.max(one.peakBytes, other.peakBytes),
    mostRoleCallsInASecond: Math.max(one.mostRoleCallsInASecond, other.mostRoleCallsInASecond),
  };
}

function resultOf(
  bare: OrganizationCost,
  few: OrganizationCost,
  some: OrganizationCost,
  many: OrganizationCost,
): BenchResult {
  const { regions } = MODEL;
  const [, [someAccounts], [accounts]] = SIZES;
  const checks = accounts * regions;
  const growth =
    (many.cpuMs - some.cpuMs) / (accounts - someAccounts) / (some.cpuMs / someAccounts);
  const [rate, bareRate] = [many, bare].map(({ ms }) => perSecond(checks, ms));
  return {
    lines: [
      `${accounts} accounts with ${regions} regions each, ${CONCURRENCY} calls at once: ${duration(many.ms)}, ${rate} checks a second`,
      `  against plain SDK calls with a role in each account at the same rate (${bareRate}): ${(bare.ms / many.ms).toFixed(2)} of them (goal: at least 1)`,
      `  processor time against theirs: ${(many.cpuMs / bare.cpuMs).toFixed(2)} times (${duration(many.cpuMs)}, ${duration(bare.cpuMs)})`,
      `  10, 100 and 1000 accounts: ${duration(few.ms)}, ${duration(some.ms)}, ${duration(many.ms)}; processor time ${duration(few.cpuMs)}, ${duration(some.cpuMs)}, ${duration(many.cpuMs)}`,
      `  processor time of an account beyond 100, against one of the first 100: ${growth.toFixed(2)} times (linear: at most about 1)`,
      `  calls of AssumeRole in any second: at most ${many.mostRoleCallsInASecond} (goal: at most 80)`,
      `  memory at most ${megabytes(many.peakBytes)} (goal: at most 250 MB), theirs ${megabytes(bare.peakBytes)}`,
    ],
    bars: [
      {
        title: `Checks a second: ${accounts} accounts with ${regions} regions each, one role an account`,
        own: { label: "flowlog-guard", value: checks / many.ms, text: rate ?? "" },
        other: { label: "plain SDK calls", value: checks / bare.ms, text: bareRate ?? "" },
      },
      {
        title: "The same: processor time",
        own: { label: "flowlog-guard", value: many.cpuMs, text: duration(many.cpuMs) },
        other: { label: "plain SDK calls", value: bare.cpuMs, text: duration(bare.cpuMs) },
      },
    ],
  };
}
