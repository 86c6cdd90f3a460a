import { execFileSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { releaseUnreleased, sectionsOf } from "../../scripts/release/changelog.ts";
import { nextCommands } from "../../scripts/release/next-commands.ts";
import { planRelease, type ReleaseRequest } from "../../scripts/release/plan-release.ts";
import { DOCKERFILE } from "../harness/dockerfile.ts";

const UNRELEASED = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n";
const RELEASED = `${UNRELEASED}\n## [1.2.0] - 2026-01-31\n\n- An older thing.\n`;
const WRITTEN = "# Changelog\n\n## [Unreleased]\n\n## [1.3.0] - 2026-02-01\n\n- A thing.\n";
const PLACEHOLDER = "git+https://example.com/OWNER/flowlog-guard.git";
const ADDRESS = "https://github.com/owner/flowlog-guard";

const REQUEST: ReleaseRequest = {
  version: "1.3.0",
  repository: ADDRESS,
  present: { version: "1.2.0", repository: PLACEHOLDER },
  changelog: RELEASED,
  changedFiles: [],
  tags: new Map([["v1.2.0", "aaa"]]),
  head: "bbb",
};
const REPEATED = {
  ...REQUEST,
  changelog: WRITTEN,
  present: { ...REQUEST.present, version: "1.3.0" },
};

describe("planRelease", () => {
  test.each<[string, Partial<ReleaseRequest>]>([
    ["the next version", {}],
    ["a version after 1.9", { version: "1.10.0", tags: new Map([["v1.9.0", "aaa"]]) }],
    [
      "the first version, which package.json has from the start",
      {
        version: "0.1.0",
        changelog: UNRELEASED,
        tags: new Map(),
        present: { version: "0.1.0", repository: PLACEHOLDER },
      },
    ],
    ["beside a developer's own configuration", { changedFiles: ["flowlog-guard.yaml"] }],
    [
      "with the address of package.json",
      { repository: undefined, present: { version: "1.2.0", repository: `git+${ADDRESS}.git` } },
    ],
    ["with an address as git has it", { repository: `${ADDRESS}.git` }],
  ])("releases %s", (_name, more) => {
    expect(planRelease({ ...REQUEST, ...more })).toEqual({
      version: more.version ?? "1.3.0",
      repository: ADDRESS,
      isWritten: false,
    });
  });

  test.each<[string, Partial<ReleaseRequest>]>([
    ["interrupted", { changedFiles: ["CHANGELOG.md", "package-lock.json", "package.json"] }],
    ["committed", {}],
    ["tagged", { tags: new Map([["v1.3.0", "bbb"]]) }],
  ])("repeats a release that was %s", (_name, more) => {
    expect(planRelease({ ...REPEATED, ...more })).toEqual({
      version: "1.3.0",
      repository: ADDRESS,
      isWritten: true,
    });
  });

  test.each<[string, Partial<ReleaseRequest>, string]>([
    ["no version", { version: "next" }, '"next" is not of the form 1.2.3'],
    ["the last version again", { version: "1.2.0" }, "1.2.0 is released already"],
    ["a lower version", { version: "1.1.9" }, "1.1.9 is not higher than 1.2.0"],
    [
      "a version below 1.10",
      { version: "1.9.0", tags: new Map([["v1.10.0", "aaa"]]) },
      "1.9.0 is not higher than 1.10.0",
    ],
    [
      "less than package.json's",
      { present: { version: "2.0.0", repository: PLACEHOLDER } },
      "1.3.0 is lower than 2.0.0",
    ],
    ["a placeholder", { repository: undefined }, "package.json has a placeholder"],
    [
      "a given placeholder",
      { repository: "https://example.com/OWNER/x" },
      "repository: give an address",
    ],
    [
      "a password in the address",
      { repository: "https://u:p@github.com/owner/x" },
      "repository: give an address",
    ],
    [
      "an address that a shell would read as a command",
      { repository: "https://github.com/owner/$(id)" },
      "repository: give an address",
    ],
    [
      "an address without https",
      { repository: "git@github.com:owner/x.git" },
      "repository: give an address",
    ],
    [
      "an empty changelog",
      { changelog: "# Changelog\n\n## [Unreleased]\n" },
      'has nothing below "## [Unreleased]"',
    ],
    ["changes", { changedFiles: ["a b.ts"] }, "not committed: a b.ts"],
    ["a changed changelog", { changedFiles: ["CHANGELOG.md"] }, "not committed: CHANGELOG.md"],
  ])("refuses %s", (_name, more, problem) => {
    expect(planRelease({ ...REQUEST, ...more })).toEqual([expect.stringContaining(problem)]);
  });

  test("refuses to build a version again from another commit", () => {
    const tags = new Map([["v1.3.0", "aaa"]]);
    expect(planRelease({ ...REPEATED, tags })).toEqual([
      expect.stringContaining("the tag v1.3.0 is another commit"),
    ]);
  });
});

test("the changelog's unreleased section becomes the version's", () => {
  const changelog = releaseUnreleased(RELEASED, "1.3.0", "2026-02-01");
  expect(changelog).toContain("## [Unreleased]\n\n## [1.3.0] - 2026-02-01\n\n### Added\n");
  expect(sectionsOf(changelog)).toEqual([
    { version: null, date: null, body: "" },
    { version: "1.3.0", date: "2026-02-01", body: "### Added\n\n- A thing." },
    { version: "1.2.0", date: "2026-01-31", body: "- An older thing." },
  ]);
});

describe("the image of a release", () => {
  const RELEASE = { version: "1.3.0", repository: ADDRESS, date: "2026-02-01" };

  /** The arguments of docker, as a shell passes them on. */
  function dockerArguments(commands: readonly string[]): string[] {
    const stand = `docker() {
      if [ "$2" = imagetools ]; then echo "sha256:of-$4"; else printf '%s\\n' "$@"; fi
    }
    git() { echo commit-1f; }
    IMAGE=registry.example.com/guard`;
    const command = commands.find((each) => each.startsWith("docker"));
    const script = `${stand}\n${command}`;
    return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  }

  test("is built from our Dockerfile, its base image pinned by digest, with labels", () => {
    const commands = nextCommands(RELEASE, "release/1.3.0", DOCKERFILE);
    const base = /^ARG NODE_IMAGE=(node:[\w.-]+)$/m.exec(DOCKERFILE)?.[1];
    expect(dockerArguments(commands)).toEqual([
      ...["buildx", "build"],
      ...["--build-arg", `NODE_IMAGE=${base}@sha256:of-${base}`],
      ...["--build-arg", "VERSION=1.3.0"],
      ...["--build-arg", "REVISION=commit-1f"],
      ...["--build-arg", `SOURCE=${ADDRESS}`],
      ...["--tag", "registry.example.com/guard:1.3.0", "--push", "."],
    ]);
    expect(commands.at(-1)).toMatch(/^gh release create v1\.3\.0 /);
  });

  test.each(["node:24.1.0-slim", "${OTHER}", "node"])("is not built from %s, unpinned", (image) => {
    const dockerfile = `ARG A=node:24.1.0-slim\nFROM --platform=$X $A AS build\nFROM build\nFROM ${image}\n`;
    expect(() => nextCommands(RELEASE, "release/1.3.0", dockerfile)).toThrow(
      `Dockerfile: FROM ${image} cannot be pinned`,
    );
  });
});
