import type { ScopedAccount } from "../../shared/audit/account-scope.ts";

/** The id of an account of {@link scopedAccounts}. */
export function accountIdAt(index: number): string {
  return String(1_000_000_000_000_001 + index);
}

/** As many accounts of others, sorted by id, with a role in each. */
export function scopedAccounts(count: number, regionIds: readonly string[]): ScopedAccount[] {
  return Array.from({ length: count }, (_none, index) => {
    const id = accountIdAt(index);
    return { id, name: null, role: { accountId: id, roleName: "guard" }, regionIds };
  });
}
