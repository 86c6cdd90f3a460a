import { expect, test } from "vitest";

import type { AccountEntry } from "../../../shared/audit/account-scope.ts";
import { ConfigError } from "../../../shared/audit/run-error.ts";
import { DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import { externalIdOf } from "../../../shared/entry/member-policy.ts";

const A: AccountEntry = { id: "11", name: "prod-a", roleName: "r", externalId: "secret-a" };
const B: AccountEntry = { id: "12", name: "dev-b", roleName: "r", externalId: "secret-b" };
const C: AccountEntry = { id: "13", roleName: "r" };

/** Accounts, selectors, and the organization's role and external id. */
type Given = readonly [
  entries: readonly AccountEntry[] | null,
  selectors: readonly string[] | null,
  roleName: string | null,
  externalId: string | null,
];

function configOf([entries, selectors, roleName, externalId]: Given) {
  const organization = { ...DEFAULT_CONFIG.organization, roleName, externalId };
  return { accounts: { entries, selectors }, organization };
}

test.each<[Given, string | null]>([
  [[null, null, null, null], null],
  [[null, null, "r", "secret-o"], "secret-o"],
  [[null, ["prod-*"], "r", "secret-o"], "secret-o"],
  [[[A], null, null, null], "secret-a"],
  [[[A, { ...B, externalId: "secret-a" }], null, null, null], "secret-a"],
  [[[A], null, null, "secret-o"], "secret-a"],
  [[[C], null, null, "secret-o"], "secret-o"],
  [[[C], null, null, null], null],
  [[[A, B], ["11"], null, null], "secret-a"],
  [[[A, B], ["dev-*"], null, null], "secret-b"],
  [[[C], null, "r", "secret-o"], "secret-o"],
  // The ids of entries alone select no other member.
  [[[A], ["11"], "r", "secret-o"], "secret-a"],
  [[[A], ["*", "!11"], "r", "secret-o"], "secret-o"],
])("of accounts, selectors, role and external id %j", (given, expected) => {
  expect(externalIdOf(configOf(given))).toBe(expected);
});

test.each<[Given]>([
  [[[A, B], null, null, null]],
  [[[A, C], null, null, null]],
  [[[A], null, "r", "secret-o"]],
  [[[A], ["prod-*"], "r", "secret-o"]],
])("different ones are an error, which shows none: %j", (given) => {
  const ask = (): unknown => externalIdOf(configOf(given));
  expect(ask).toThrow(ConfigError);
  expect(ask).toThrow(/^(?!.*secret-).*--accounts/s);
});
