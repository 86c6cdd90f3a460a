import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { runCli } from "../../harness/run-cli.ts";
import { completeInBash } from "../../harness/shell-completion.ts";

const folder = mkdtempSync(join(tmpdir(), "flowlog-guard-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the completion for bash", () => {
  const place = { folder, cwd: join(folder, "cwd"), home: join(folder, "home") };

  test("offers no name that the shell would run, and runs nothing of the current folder", async () => {
    mkdirSync(join(place.home, ".aliyun"), { recursive: true });
    mkdirSync(place.cwd);
    const names = ["prod", "$(touch pwned)", "`touch pwned`", "a;touch pwned", "dev-1", "a b", ""];
    writeFileSync(
      join(place.home, ".aliyun/config.json"),
      JSON.stringify({ current: "prod", profiles: names.map((name) => ({ name, mode: "AK" })) }),
    );
    for (const name of ["sed", "cat", "flowlog-guard", "node"]) {
      writeFileSync(join(place.cwd, name), "#!/bin/sh\ntouch pwned\n", { mode: 0o755 });
    }
    writeFileSync(join(place.cwd, "$(touch pwned).yaml"), "");
    const before = readdirSync(place.cwd);
    const { stdout: script } = await runCli(["completion", "bash"]);
    expect(completeInBash("flowlog-guard audit --profile ", { ...place, script })).toEqual([
      "prod",
      "dev-1",
    ]);
    expect(completeInBash("flowlog-guard audit --config ", { ...place, script })).toContain(
      "$(touch pwned).yaml",
    );
    completeInBash("flowlog-guard audit --regions $(touch", { ...place, script });
    expect(readdirSync(place.cwd)).toEqual(before);
  });

  test("is the same text as the program's own words, and starts no process", async () => {
    const { exitCode, stdout, stderr } = await runCli(["completion", "bash"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).not.toMatch(/\$\((?!\()|\bcurl\b|\beval\b|\bcompgen -W\b/);
  });
});

describe("without a shell that is known", () => {
  test.each([
    [
      [],
      "completion: name the shell.\n\nAdd to ~/.bashrc:\n  source <(flowlog-guard completion bash)",
    ],
    [
      ["bsh"],
      "completion: there is none for that shell: those known are bash, zsh, fish. Did you mean bash?\n",
    ],
    [
      ["s3cret-shell"],
      "completion: there is none for that shell: those known are bash, zsh, fish\n",
    ],
    [["powershell"], "those known are bash, zsh, fish\n"],
  ])("%j is one clear error", async (args, message) => {
    const { exitCode, stdout, stderr } = await runCli(["completion", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("s3cret");
  });
});
