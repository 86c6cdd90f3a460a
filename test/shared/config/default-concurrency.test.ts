import { expect, test } from "vitest";

import { resolveConfig } from "../../../shared/config/config.ts";
import { describeConfig } from "../../../shared/config/describe-config.ts";
import { readEnvironmentLayer } from "../../../shared/config/environment.ts";
import { readFileLayer } from "../../../shared/config/layer.ts";

const ROLE = { FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit" };

test.each<[what: string, values: object, env: Record<string, string>, concurrency: number]>([
  ["one account", {}, {}, 32],
  ["an account by its id", { accounts: [{ id: "1" }] }, {}, 32],
  ["two accounts", { accounts: [{ id: "1" }, { id: "2", roleName: "audit" }] }, {}, 300],
  ["an organization", { organization: { roleName: "audit" } }, {}, 300],
  ["an organization that a variable names", {}, ROLE, 300],
  ["an organization, with a number in the file", { concurrency: 32 }, ROLE, 32],
  ["an organization, with a number", {}, { ...ROLE, FLOWLOG_GUARD_CONCURRENCY: "1000" }, 1_000],
  ["one account, with a number", { concurrency: 7 }, {}, 7],
])("%s: %j, %j: as many regions at once as `config` shows: %i", (_what, values, env, expected) => {
  const file = readFileLayer({ name: "f.yaml", values }, {});
  const config = resolveConfig(file, readEnvironmentLayer(env));
  expect(config.concurrency).toBe(expected);
  expect(describeConfig(config)["concurrency"]).toBe(expected);
});
