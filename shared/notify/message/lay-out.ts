import type { Alert } from "../../alerts/alert.ts";
import { accountsOf } from "./account-groups.ts";
import type { Part } from "./draft.ts";

/** How the subjects of changes are written. */
export type Layout =
  | {
      readonly by: "subject";
      /** Whether lists of many subjects have room for names. */
      readonly withNames: boolean;
    }
  /** Many subjects of one kind are counted by account. */
  | {
      readonly by: "account";
      /** Maximum number of subjects of an account that are named. */
      readonly maxNames: number;
    };

/** More subjects than any vendor's message has room for. */
const MAX_SUBJECTS = 2_000;

/** How many subjects of an account are named, from the layout with the most. */
const NAMES_OF_ACCOUNT = [10, 3] as const;

/**
 * Writes messages with the layout that says the most in the fewest. Subjects of several accounts that
 * one message has no room for are counted by account. Local names in a list are left out rather than
 * sent in a second message.
 *
 * @param write - writes the messages with a layout
 */
export function layOut(
  { changes }: Pick<Alert, "changes">,
  write: (layout: Layout) => readonly Part[],
): readonly Part[] {
  const isOfSeveral = accountsOf(changes.map(({ finding }) => finding)).length > 1;
  const singly = isOfSeveral && changes.length > MAX_SUBJECTS ? null : writeSingly(write);
  if (singly !== null && (singly.length === 1 || !isOfSeveral)) return singly;
  const counted = writeCounted(write);
  if (singly === null || leavesOut(singly)) return counted;
  return singly.length <= counted.length ? singly : counted;
}

function writeSingly(write: (layout: Layout) => readonly Part[]): readonly Part[] {
  const named = write({ by: "subject", withNames: true });
  return named.length > 1 ? write({ by: "subject", withNames: false }) : named;
}

/** With the most names that fit into one message, else with some if five have room for every account. */
function writeCounted(write: (layout: Layout) => readonly Part[]): readonly Part[] {
  let parts: readonly Part[] = [];
  for (const maxNames of NAMES_OF_ACCOUNT) {
    parts = write({ by: "account", maxNames });
    if (parts.length === 1) return parts;
  }
  return leavesOut(parts) ? write({ by: "account", maxNames: 0 }) : parts;
}

function leavesOut(parts: readonly Part[]): boolean {
  return parts.some(({ leftOut }) => leftOut > 0);
}
