import { describe, expect, test } from "vitest";

import { CallError } from "../../../shared/audit/call-error.ts";
import type { Exchange } from "../../../shared/audit/finding.ts";
import { readPages, readTokenPages } from "../../../shared/run/read-pages.ts";

const PAGE_SIZE = 50;

function exchangeOf(call: number): Exchange {
  return { requestId: `CALL-${call}`, endpoint: "vpc.example", httpStatus: 200 };
}

/** A list that changes before a call, as the service pages it: each page is counted anew. */
class ChangingList {
  readonly items: string[];
  readonly pages: number[] = [];
  readonly #changes: Readonly<Record<number, (items: string[]) => void>>;

  constructor(length: number, changes: Readonly<Record<number, (items: string[]) => void>> = {}) {
    this.items = Array.from({ length }, (_, index) => `vpc-${index}`);
    this.#changes = changes;
  }

  async read(): Promise<readonly string[]> {
    const { value } = await this.readWithExchange();
    return value;
  }

  async readWithExchange() {
    return readPages(
      async (pageNumber) => {
        this.pages.push(pageNumber);
        this.#changes[this.pages.length]?.(this.items);
        const start = (pageNumber - 1) * PAGE_SIZE;
        return {
          value: {
            items: this.items.slice(start, start + PAGE_SIZE),
            totalCount: this.items.length,
          },
          exchange: exchangeOf(this.pages.length),
        };
      },
      (id) => id,
    );
  }
}

describe("a list read by page numbers", () => {
  test.each([
    [0, 1],
    [1, 1],
    [49, 1],
    [50, 1],
    [51, 2],
    [100, 2],
    [200, 4],
    [600, 12],
  ])("of %i items costs %i calls", async (length, calls) => {
    const list = new ChangingList(length);
    expect(await list.read()).toEqual(list.items);
    expect(list.pages).toEqual(Array.from({ length: calls }, (_, index) => index + 1));
  });

  test("rests on the exchange of its last page", async () => {
    const { exchange } = await new ChangingList(120).readWithExchange();
    expect(exchange).toEqual(exchangeOf(3));
  });

  test("is read again when an item of an earlier page went, and misses nothing", async () => {
    // Without a second walk, vpc-50 is neither on page 1 nor on page 2.
    const list = new ChangingList(120, { 2: (items) => items.shift() });
    expect(await list.read()).toEqual(list.items);
    expect(list.pages).toEqual([1, 2, 1, 2, 3]);
  });

  test("is read again when an item came before the last page", async () => {
    const list = new ChangingList(120, { 3: (items) => items.unshift("vpc-new") });
    expect(await list.read()).toEqual(list.items);
    expect(list.pages).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("is read again when an item went and another came between two pages", async () => {
    // The total is the same: that vpc-49 comes twice shows it.
    const list = new ChangingList(120, {
      2: (items) => {
        items.unshift("vpc-new");
        items.pop();
      },
    });
    expect(await list.read()).toEqual(list.items);
    expect(list.pages).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("is unstable when it changes on each of three walks", async () => {
    const shift = (items: string[]): void => void items.shift();
    const list = new ChangingList(120, { 2: shift, 4: shift, 6: shift });
    const error: unknown = await list.read().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({
      code: "LIST_UNSTABLE",
      retryable: "never",
      hostResolved: true,
      exchange: exchangeOf(6),
    });
    expect(list.pages).toEqual([1, 2, 1, 2, 1, 2]);
  });

  test("is unstable when it has fewer items than its total each time", async () => {
    const page = { items: ["vpc-0"], totalCount: 2 };
    let calls = 0;
    const list = async () => ({ value: page, exchange: exchangeOf((calls += 1)) });
    await expect(readPages(list, (id) => id)).rejects.toMatchObject({ code: "LIST_UNSTABLE" });
    expect(calls).toBe(3);
  });

  test.each([
    ["an item twice", 1, ["vpc-0", "vpc-0"]],
    ["pages that it does not have", 1e15, []],
    ["pages of fewer items than were asked for", 60, ["vpc-0", "vpc-1"]],
  ])("is unstable with %s: three calls", async (_what, totalCount, items) => {
    let calls = 0;
    const list = async () => ({ value: { items, totalCount }, exchange: exchangeOf((calls += 1)) });
    await expect(readPages(list, (id) => id)).rejects.toMatchObject({ code: "LIST_UNSTABLE" });
    expect(calls).toBe(3);
  });

  test("fails with the error of a page", async () => {
    const failed = new CallError("SERVICE_ERROR", "It failed.", {
      exchange: exchangeOf(1),
      retryable: "never",
    });
    const list = async (pageNumber: number) => {
      if (pageNumber === 2) throw failed;
      const { items } = new ChangingList(PAGE_SIZE);
      return { value: { items, totalCount: 51 }, exchange: exchangeOf(1) };
    };
    await expect(readPages(list, (id) => id)).rejects.toBe(failed);
  });
});

describe("a list read by tokens", () => {
  const pages: Readonly<Record<string, { items: string[]; nextToken: string | null }>> = {
    first: { items: ["eni-0", "eni-1"], nextToken: "second" },
    second: { items: ["eni-1", "eni-2"], nextToken: "third" },
    third: { items: [], nextToken: null },
  };

  test("is read to its end, each item once", async () => {
    const tokens: (string | null)[] = [];
    const { value, exchange } = await readTokenPages(
      async (token) => {
        tokens.push(token);
        const page = pages[token ?? "first"];
        if (page === undefined) throw new Error("no such page");
        return { value: page, exchange: exchangeOf(tokens.length) };
      },
      (id) => id,
    );
    expect(value).toEqual(["eni-0", "eni-1", "eni-2"]);
    expect(tokens).toEqual([null, "second", "third"]);
    expect(exchange).toEqual(exchangeOf(3));
  });

  test("that never ends is malformed", async () => {
    let calls = 0;
    const list = async () => {
      calls += 1;
      return { value: { items: ["eni-0"], nextToken: "again" }, exchange: exchangeOf(calls) };
    };
    await expect(readTokenPages(list, (id) => id)).rejects.toMatchObject({
      code: "MALFORMED_RESPONSE",
      exchange: exchangeOf(2),
    });
    expect(calls).toBe(2);
  });
});
