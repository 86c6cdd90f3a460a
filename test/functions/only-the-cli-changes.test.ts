import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, inject, test } from "vitest";

/** The SDK's methods, and what calls them. The operations' own names are in remedies, as text. */
const CHANGES = /\b(openFlowLogService\w*|createFlowLog\w*|VpcActivation|carryOutPlan)\b/g;

/** What changes the cloud, in all files of a bundle: its own, and those that are loaded on first use. */
async function changesIn(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".js"));
  expect(files).not.toEqual([]);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [...new Set(texts.flatMap((text) => text.match(CHANGES) ?? []))].toSorted();
}

test.each(["check", "audit"])(
  "the bundle of %s has nothing that changes the cloud",
  async (name) => {
    expect(await changesIn(join(inject("deployed"), name))).toEqual([]);
  },
);

test("the command line has it", async () => {
  expect(await changesIn(join(inject("dist"), "cli"))).toEqual(
    expect.arrayContaining([
      "VpcActivation",
      "carryOutPlan",
      "createFlowLogWithOptions",
      "openFlowLogServiceWithOptions",
    ]),
  );
});
