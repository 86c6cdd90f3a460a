import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, inject, test } from "vitest";

const dockerfile = readFileSync(new URL("../Dockerfile", import.meta.url), "utf8");

test("the image runs what is built, and not as root", () => {
  expect(dockerfile).toMatch(/^USER node$/m);
  const [, entry = ""] = /^ENTRYPOINT \["node", "\/app\/(.+)"\]$/m.exec(dockerfile) ?? [];
  expect(existsSync(join(inject("dist"), entry))).toBe(true);
  expect(dockerfile.match(/^FROM node:20-slim/gm)).toHaveLength(2);
});
