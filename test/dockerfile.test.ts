import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, inject, test } from "vitest";

import { startEmulator } from "./emulator/emulator.ts";
import { startDeployed } from "./harness/audit-remotely.ts";
import { cliEnv, emulatorEnv } from "./harness/run-cli.ts";
import { runNode } from "./harness/run-process.ts";

const dockerfile = readFileSync(new URL("../Dockerfile", import.meta.url), "utf8");

test("the image runs the build, and not as root", () => {
  expect(dockerfile).toMatch(/^USER node$/m);
  const [, entry = ""] = /^ENTRYPOINT \["node", "\/app\/(.+)"\]$/m.exec(dockerfile) ?? [];
  expect(existsSync(join(inject("dist"), entry))).toBe(true);
  expect(dockerfile.match(/^FROM node:20-slim/gm)).toHaveLength(2);
});

test("the files in the image need no packages", async () => {
  const copied = [...dockerfile.matchAll(/^COPY --from=build \/src\/dist\/(\S+) /gm)];
  const app = await mkdtemp(join(tmpdir(), "flowlog-guard-app-"));
  try {
    for (const [, path = ""] of copied) {
      await cp(join(inject("dist"), path), join(app, path), { recursive: true });
    }
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    await using deployed = await startDeployed(emulator);
    const run = async (...args: string[]) =>
      runNode([join(app, "cli/index.js"), ...args], {
        env: cliEnv({ ...emulatorEnv(emulator), FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin }),
        cwd: app,
      });
    expect(await run("audit")).toMatchObject({ exitCode: 0, stderr: "" });
    const watch = await run("watch", "--schedule", "17 * * * *");
    expect(watch.stderr).toContain("--schedule: has 5 fields");
    const remote = await run("audit", "--remote", "--region", "cn-hangzhou");
    expect(remote).toMatchObject({ exitCode: 0, stderr: "" });
    expect(deployed.invocations).toHaveLength(1);
  } finally {
    await rm(app, { recursive: true });
  }
});
