import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { startProgress } from "../../../functions/cli/progress.ts";
import type { Outcome } from "../../../shared/run/evaluate-region.ts";

const OUTCOME = { status: "NON_COMPLIANT" } as Outcome;

/** What the progress of an audit of two regions writes to a stream. */
async function shownOn({
  isTTY = true,
  columns = 80,
  wanted = true,
}: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly wanted?: boolean;
}): Promise<string> {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  const progress = await startProgress(stream, wanted);
  progress.onScope(["cn-a", "cn-b"]);
  progress.onOutcome(OUTCOME);
  progress.onOutcome(OUTCOME);
  progress.stop();
  stream.end();
  return text(stream);
}

test("progress is shown on a terminal", async () => {
  const shown = await shownOn({});
  expect(shown).toContain("Looking for credentials");
  expect(shown).toContain("0 of 2 regions answered");
  expect(shown).toContain("2 of 2 regions answered, 2 not compliant");
});

test.each([{ isTTY: false }, { wanted: false }, { columns: 0 }])(
  "progress is not shown with %o",
  async (where) => {
    expect(await shownOn(where)).toBe("");
  },
);
