import { type CompletedCommand, type CompletedFlag, withAllBelow } from "./completed-command.ts";

/** The completion for fish 3 and later. */
export function fishScript(program: CompletedCommand): string {
  const all = withAllBelow(program);
  const valued = all.flatMap(({ flags }) =>
    flags.flatMap(({ short = [], long, value }) => (value === null ? [] : [short, long].flat())),
  );
  const paths = all.map(({ path }) => path.join(" ")).filter((path) => path !== "");
  return `# fish completion for flowlog-guard, made by "flowlog-guard completion fish".

# Whether the words so far name this command and none below it.
function __flowlog_guard_at
    set -l command
    set -l skips no
    for word in (commandline -opc)[2..-1]
        if test $skips = yes
            set skips no
        else if contains -- $word ${[...new Set(valued)].join(" ")}
            set skips yes
        else if not string match -q -- '-*' $word
            set -l next (string trim -- "$command $word")
            if contains -- $next ${paths.map((path) => `'${path}'`).join(" ")}
                set command $next
            end
        end
    end
    test "$command" = "$argv[1]"
end

# The words, behind what the list on the command line has already.
function __flowlog_guard_list
    set -l token (commandline -ct | string replace -r -- '^--[^=]*=' '')
    set -l before (string match -r -- '^.*,' "$token")
    for word in $argv
        echo "$before$word"
    end
end

# The names of profiles of the aliyun command line.
function __flowlog_guard_profiles
    set -l file "$HOME/.aliyun/config.json"
    test -r "$file"
    and string match -rag -- '"name"\\s*:\\s*"([^"\\\\\\\\]+)"' <"$file"
end

complete -c flowlog-guard -f
${all.flatMap(linesOf).join("\n")}
`;
}

function linesOf({ path, flags, commands, words }: CompletedCommand): string[] {
  const at = `complete -c flowlog-guard -n "__flowlog_guard_at '${path.join(" ")}'"`;
  return [
    ...commands.map(
      (command) => `${at} -a ${String(command.path.at(-1))} -d '${command.description}'`,
    ),
    ...words.map((word) => `${at} -a ${word}`),
    ...flags.map((flag) => `${at} ${namesOf(flag)} -d '${flag.description}'${valueOf(flag)}`),
  ];
}

function namesOf({ short, long }: CompletedFlag): string {
  return `${short === undefined ? "" : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
}

function valueOf({ value }: CompletedFlag): string {
  switch (value?.kind) {
    case undefined:
      return "";
    case "nothing":
      return " -x";
    case "file":
      return " -r -F";
    case "profile":
      return " -x -a '(__flowlog_guard_profiles)'";
    case "words":
      return value.isList
        ? ` -x -a '(__flowlog_guard_list ${value.words.join(" ")})'`
        : ` -x -a '${value.words.join(" ")}'`;
  }
}
