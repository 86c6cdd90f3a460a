import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { runCli } from "./harness/run-cli.ts";

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

describe("the deployment guide", () => {
  const guide = read("docs/deploy.md");

  test("has a row for every variable of s.yaml, with its default, and for no other", () => {
    const used = [...read("s.yaml").matchAll(/\$\{env\('(\w+)'(?:, '([^']*)')?\)\}/g)].map(
      ([, name, fallback]) => `${name}: ${fallback ?? "none"}`,
    );
    const rows = [...guide.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]+)`|none) \|/gm)].map(
      ([, name, fallback]) => `${name}: ${fallback ?? "none"}`,
    );
    expect(new Set(rows)).toEqual(new Set(used));
  });

  test("links to files that are there", () => {
    const links = [...guide.matchAll(/\]\(([^):#]+)\)/g)].map(([, path]) => String(path));
    expect(links).toContain("ram/policy.json");
    for (const path of links) expect(read(`docs/${path}`)).not.toBe("");
  });

  test("names the version of Serverless Devs that the deployment was tried with", () => {
    const version = /KNOWN_VERSION = "([\d.]+)"/.exec(read("deploy/preconditions.ts"))?.[1];
    expect(guide).toContain(`@serverless-devs/s@${version}`);
  });

  test("names the functions, the schedule and the retries that s.yaml has", () => {
    const template = read("s.yaml");
    const retries = /maxAsyncRetryAttempts: (\d)/.exec(template)?.[1];
    expect(guide).toContain(`is repeated ${retries} times`);
    for (const [, name] of template.matchAll(/functionName: (\S+)/g)) {
      expect(guide).toContain(`| \`${name}\` |`);
    }
  });
});

describe("the files for RAM", () => {
  test("the policy is the README's, and what flowlog-guard policy prints", async () => {
    const blocks = [...read("README.md").matchAll(/^```json\n(.*?)^```/gms)].map(
      ([, text]) => text,
    );
    const inReadme = blocks.find((text) => text?.includes("Statement"));
    const policy: unknown = JSON.parse(read("docs/ram/policy.json"));
    expect(policy).toEqual(JSON.parse(String(inReadme)));
    expect(policy).toEqual(JSON.parse((await runCli(["policy"])).stdout));
  });

  test("the trust policy is what flowlog-guard policy --trust prints", async () => {
    const { stdout } = await runCli(["policy", "--trust"]);
    expect(JSON.parse(read("docs/ram/trust-policy.json"))).toEqual(JSON.parse(stdout));
  });
});
