import { expect, test } from "vitest";

import { ChainLinks, type Link } from "../../../shared/evidence/chain-links.ts";

/** Links written as `own<previous`, or `own` for a beginning. */
function linksOf(text: string): ChainLinks<Link> {
  return new ChainLinks(
    text.split(" ").map((link) => {
      const [sha256 = "", previousSha256 = null] = link.split("<");
      return { sha256, previousSha256 };
    }),
  );
}

const digests = (links: Iterable<Link>): string => [...links].map(({ sha256 }) => sha256).join("");

test.each([
  // chain, beginnings, ends, without previous, in a cycle
  ["a", "a", "a", "", ""],
  ["a b<a c<b", "a", "c", "", ""],
  ["a b<a c<a d<c", "a", "bd", "", ""],
  ["a b c<a d<b", "ab", "cd", "", ""],
  ["b<a c<b", "", "c", "b", ""],
  ["a c<b d<c", "a", "ad", "c", ""],
  ["a b<c c<b", "a", "a", "", "bc"],
  ["a b<c c<b d<c", "a", "ad", "", "bcd"],
  ["a<a", "", "", "", "a"],
  // A run that began earlier was kept later.
  ["b<c c", "c", "b", "", ""],
])("%s", (text, beginnings, ends, withoutPrevious, inCycle) => {
  const links = linksOf(text);
  expect(digests(links.beginnings)).toBe(beginnings);
  expect(digests(links.ends)).toBe(ends);
  expect(digests(links.withoutPrevious)).toBe(withoutPrevious);
  expect(digests(links.inCycle)).toBe(inCycle);
});

test.each([
  ["a b<a c<b", "a", "bc"],
  ["a b<a c<b", "c", ""],
  ["a b<a c<a d<c e<b", "a", "bcde"],
  ["a b<a c<a d<c", "c", "d"],
  ["a b<c c<b", "b", "bc"],
])("in %s, those that follow %s are %s", (text, sha256, followers) => {
  const found = linksOf(text).followers({ sha256, previousSha256: null });
  expect(
    [...found]
      .map((link) => link.sha256)
      .toSorted()
      .join(""),
  ).toBe(followers);
});

test("a chain of 100,000 is followed to its end", () => {
  const text = Array.from({ length: 100_000 }, (_, at) => (at === 0 ? "0" : `${at}<${at - 1}`));
  const links = linksOf(text.join(" "));
  expect(links.inCycle).toEqual([]);
  expect(links.followers({ sha256: "0", previousSha256: null }).size).toBe(99_999);
});

test("more runs follow one than a call takes arguments", () => {
  const others = Array.from({ length: 200_000 }, (_, index) => ({
    sha256: String(index),
    previousSha256: "a",
  }));
  const first = { sha256: "a", previousSha256: null };
  expect(new ChainLinks([first, ...others]).followers(first).size).toBe(others.length);
});
