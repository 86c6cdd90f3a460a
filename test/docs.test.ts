import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

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
  test("the policy is the README's", () => {
    const blocks = [...read("README.md").matchAll(/^```json\n(.*?)^```/gms)].map(
      ([, text]) => text,
    );
    const policy = blocks.find((text) => text?.includes("Statement"));
    expect(JSON.parse(read("docs/ram/policy.json"))).toEqual(JSON.parse(String(policy)));
  });

  test("the trust policy lets Function Compute take on the role, and nobody else", () => {
    const { Statement } = JSON.parse(read("docs/ram/trust-policy.json"));
    expect(Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: ["fc.aliyuncs.com"] },
      },
    ]);
  });
});
