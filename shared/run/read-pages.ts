import { CallError } from "../audit/call-error.ts";
import { type Answer, type Page, PAGE_SIZE, type TokenPage } from "../audit/cloud.ts";
import type { Exchange } from "../audit/finding.ts";

/** How often a list is read before it counts as unstable. */
const MAX_WALKS = 3;

/**
 * Reads a list by page numbers, to its end. The service counts pages anew at each call: where an item of
 * an earlier page goes while the list is read, the next page begins one item later, and that item is
 * missed. The total shows it, so the list is read again.
 *
 * @param list - reads a page, from 1
 * @returns every item once, and the exchange of the last page
 * @throws {@link CallError} when a page could not be read, and with `LIST_UNSTABLE` when three walks in a
 *   row saw the list change
 */
export async function readPages<T>(
  list: (pageNumber: number) => Promise<Answer<Page<T>>>,
  idOf: (item: T) => string,
): Promise<Answer<readonly T[]>> {
  for (let walk = 1; ; walk += 1) {
    const { items, isStable, exchange } = await walkPages(list, idOf);
    if (isStable) return { value: items, exchange };
    if (walk === MAX_WALKS) {
      throw new CallError(
        "LIST_UNSTABLE",
        `The list changed each of the ${MAX_WALKS} times it was read, so that some of it may be missing. Run the audit again.`,
        { exchange, retryable: "never", hostResolved: true },
      );
    }
  }
}

async function walkPages<T>(
  list: (pageNumber: number) => Promise<Answer<Page<T>>>,
  idOf: (item: T) => string,
): Promise<{ items: readonly T[]; isStable: boolean; exchange: Exchange }> {
  const itemById = new Map<string, T>();
  let rows = 0;
  for (let pageNumber = 1, total: number | undefined; ; pageNumber += 1) {
    const { value, exchange } = await list(pageNumber);
    const { items, totalCount } = value;
    total ??= totalCount;
    for (const item of items) itemById.set(idOf(item), item);
    rows += items.length;
    const isLast = pageNumber * PAGE_SIZE >= total;
    // Only the last page may be short: otherwise pages would be asked for that are not there.
    if (totalCount !== total || (!isLast && items.length < PAGE_SIZE)) {
      return { items: [], isStable: false, exchange };
    }
    if (!isLast) continue;
    // An item that came twice can be two different ones, of which neither is to be believed.
    const isStable = itemById.size === total && rows === total;
    return { items: [...itemById.values()], isStable, exchange };
  }
}

/**
 * Reads a list by tokens, to its end. A token continues where the page before it ended, whatever came or
 * went meanwhile.
 *
 * @param list - reads the page of a token; null for the first
 * @returns every item once, and the exchange of the last page
 * @throws {@link CallError} when a page could not be read, and with `MALFORMED_RESPONSE` when a token
 *   leads back to where it came from
 */
export async function readTokenPages<T>(
  list: (token: string | null) => Promise<Answer<TokenPage<T>>>,
  idOf: (item: T) => string,
): Promise<Answer<readonly T[]>> {
  const itemById = new Map<string, T>();
  const tokens = new Set<string>();
  for (let token: string | null = null; ;) {
    const { value, exchange }: Answer<TokenPage<T>> = await list(token);
    for (const item of value.items) itemById.set(idOf(item), item);
    token = value.nextToken;
    if (token === null) return { value: [...itemById.values()], exchange };
    if (tokens.has(token)) {
      const message = "The list never ends: a page names one that was read before.";
      throw new CallError("MALFORMED_RESPONSE", message, {
        exchange,
        retryable: "never",
        hostResolved: true,
      });
    }
    tokens.add(token);
  }
}
