import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { blocksIn } from "./harness/markdown.ts";
import { runCli } from "./harness/run-cli.ts";

const GUIDE = readFileSync(new URL("../docs/watch.md", import.meta.url), "utf8");

test("the guide to watch shows a CronJob with a valid command, and with time to stop", async () => {
  const { parse } = await import("yaml");
  const job = parse(blocksIn("yaml", GUIDE).find((text) => text.includes("kind: CronJob")) ?? "");
  const { containers, terminationGracePeriodSeconds } = job.spec.jobTemplate.spec.template.spec;
  const [{ args, env }] = containers;
  const [, seconds] = /--stop-timeout (\d+)/.exec(GUIDE) ?? [];
  expect(terminationGracePeriodSeconds).toBe(Number(seconds));
  const given = env.map(({ name, value }: Record<string, string>) => [name, value]);
  const { exitCode, stdout } = await runCli(args, Object.fromEntries(given));
  // It fails only for lack of credentials, which are in the job's secret.
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ event: "run", error: "CredentialsError" });
});
