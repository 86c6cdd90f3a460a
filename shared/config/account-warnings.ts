import {
  ADMINISTRATOR_ROLE,
  ADMINISTRATOR_ROLE_PROBLEM,
  isAdministratorRole,
} from "../audit/administrator-role.ts";
import { ROLES_PER_SECOND } from "../audit/run-limits.ts";
import { ceilingOf, exceeds, nameOfAccounts } from "./account-capacity.ts";
import { DEFAULT_CONCURRENCY_OF_MANY, hasManyAccounts } from "./accounts.ts";
import type { Config } from "./config.ts";
import { DEFAULT_DEADLINE_MS } from "./default-times.ts";
import { formatDuration } from "./duration.ts";

/** Sentences about accounts and an organization that cannot work as they are configured, or hardly can. */
export function warningsOfAccounts(config: Config): string[] {
  return [
    ...warningsOfRoles(config),
    ...(hasManyAccounts(config) ? warningsOfMany(config) : warningsOfOne(config)),
  ];
}

function warningsOfOne({ fanOut }: Config): string[] {
  return fanOut.parts === null && fanOut.function === null
    ? []
    : [
        "fanOut: has no effect, because only one account is audited. Add accounts or organization, or take it out.",
      ];
}

function warningsOfRoles({ organization, accounts }: Config): string[] {
  const roles = [organization, ...(accounts.entries ?? [])].map(({ roleName }) => roleName);
  return roles.some(isAdministratorRole)
    ? [`roleName: ${ADMINISTRATOR_ROLE} ${ADMINISTRATOR_ROLE_PROBLEM}`]
    : [];
}

function warningsOfMany(config: Config): string[] {
  const { concurrency, deadlineMs, fanOut } = config;
  const limitMs = deadlineMs ?? DEFAULT_DEADLINE_MS;
  const ceiling = ceilingOf(config, { seconds: limitMs / 1_000, concurrency });
  const tries = fanOut.parts === null ? "" : ", which holds two tries of a part";
  const warnings = [
    exceeds(config, ceiling) &&
      `${nameOfAccounts(config)}: with deadline ${formatDuration(limitMs)}${tries}, and concurrency ${concurrency}, one run audits about ${ceiling.accounts} accounts at most, because ${ceiling.because}. Write a longer deadline${ceiling.bound === "concurrency" ? `, or a greater concurrency, such as ${DEFAULT_CONCURRENCY_OF_MANY}` : ""}.`,
    concurrency > DEFAULT_CONCURRENCY_OF_MANY &&
      `concurrency: ${concurrency} connections at once need more memory than ${DEFAULT_CONCURRENCY_OF_MANY}, and hardly save time, because roles are assumed at most ${ROLES_PER_SECOND} times a second.`,
  ];
  return warnings.filter((warning) => warning !== false);
}
