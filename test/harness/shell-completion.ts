import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whether a shell is on this machine. */
export function hasShell(shell: string): boolean {
  return spawnSync(shell, ["--version"]).status === 0;
}

/** Where completions are asked for. */
export interface CompletionPlace {
  /** The script that the program prints for the shell. */
  readonly script: string;
  /** An empty folder for files of the test, other than the current one. */
  readonly folder: string;
  readonly cwd: string;
  readonly home: string;
}

/** Runs a shell, and returns the lines that it wrote. */
function linesOf(shell: string, args: readonly string[], place: CompletionPlace): string[] {
  const { cwd, home } = place;
  const env = { HOME: home, PATH: String(process.env["PATH"]), TERM: "dumb", LC_ALL: "C.UTF-8" };
  const { status, stdout, stderr } = spawnSync(shell, args, {
    cwd,
    env,
    encoding: "utf8",
    timeout: 20_000,
  });
  if (status !== 0 || stderr !== "") throw new Error(`${shell} failed (${status}): ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

/**
 * What bash completes a line to: the words as readline splits them, at = and : too.
 *
 * @param hasCompopt - false for bash 3.2
 */
export function completeInBash(line: string, place: CompletionPlace, hasCompopt = true): string[] {
  const words = line.split(/ +|(?<=[=:])|(?=[=:])/);
  const script = `${place.script}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=''
_flowlog_guard
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const file = join(place.folder, "ask.bash");
  writeFileSync(file, script);
  // Without readline there is no completion that compopt could change.
  const compopt = `compopt() { return ${hasCompopt ? 0 : 127}; }`;
  const args = ["--norc", "--noprofile", "-c", `${compopt}; source "$0"`, file, ...words];
  return linesOf("bash", args, place);
}

/** What fish completes a line to. */
export function completeInFish(line: string, place: CompletionPlace): string[] {
  const file = join(place.folder, "flowlog-guard.fish");
  writeFileSync(file, place.script);
  const script = 'source $argv[1]; complete -C "$argv[2]"';
  const args = ["--no-config", "-c", script, file, line];
  return linesOf("fish", args, place).map((each) => each.split("\t", 1)[0] ?? "");
}

/** What zsh completes a line to: it is typed into a zsh on a pseudo terminal, which lists the matches. */
export function completeInZsh(line: string, place: CompletionPlace): string[] {
  const file = join(place.folder, "completion.zsh");
  writeFileSync(file, place.script);
  const inner = join(place.folder, "inner.zsh");
  // Each match that is added is also written to a file, which no width of a terminal cuts.
  writeFileSync(
    inner,
    `PS1= PS2= RPS1=
unsetopt zle_bracketed_paste 2>/dev/null
autoload -Uz compinit && compinit -D -u
source ${file}
compadd() {
  local -a found
  builtin compadd -O found "$@"
  (( $#found )) && print -rl -- $found >>${place.folder}/matches
  builtin compadd "$@"
}
zle -C ask list-choices _main_complete
bindkey -e
bindkey '^I' ask
LISTMAX=100000
print -r -- ready
`,
  );
  const driver = join(place.folder, "driver.zsh");
  writeFileSync(
    driver,
    `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source ${inner}"
zpty -r shell got '*ready*'
zpty -n -w shell "$1"$'\\t'
zpty -n -w shell $'\\C-a\\C-k'"print -r -- do''ne"$'\\n'
zpty -r shell got '*done*'
zpty -d shell
`,
  );
  writeFileSync(join(place.folder, "matches"), "");
  linesOf("zsh", ["-f", driver, line], place);
  return linesOf("cat", [join(place.folder, "matches")], place);
}
