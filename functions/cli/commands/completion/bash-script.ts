import { type CompletedCommand, type CompletedFlag, withAllBelow } from "./completed-command.ts";

/**
 * The completion for bash 3.2 and later. It runs nothing but bash itself, and reads no file but the profiles.
 */
export function bashScript(program: CompletedCommand): string {
  const all = withAllBelow(program);
  return `# bash completion for flowlog-guard, made by "flowlog-guard completion bash".

# The words and flags that may follow a command.
_flowlog_guard_words() {
  case "$1" in
${all.map(wordsCase).join("\n")}
  esac
}

# What the value of a flag may be: words, list, file, profile or none; an empty kind where it has no value.
_flowlog_guard_value() {
  kind='' words=()
  case "$1 $2" in
${all.flatMap((command) => command.flags.flatMap((flag) => valueCase(command, flag))).join("\n")}
  esac
}

# The names of profiles of the aliyun command line. One that a shell would read in another way is left out.
_flowlog_guard_profiles() {
  words=()
  local line name file="$HOME/.aliyun/config.json"
  local found='"name"[[:space:]]*:[[:space:]]*"([^"\\]*)"' special='[][[:space:]$\`"'"'"'\\&|;<>(){}*?!~#=]'
  [[ -r $file ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    while [[ $line =~ $found ]]; do
      name=\${BASH_REMATCH[1]}
      line=\${line#*"\${BASH_REMATCH[0]}"}
      [[ -n $name && ! $name =~ $special ]] && words+=("$name")
    done
  done <"$file"
}

_flowlog_guard() {
  local word command='' flag='' last='' kind='' before='' unquoted='' index entry
  local cur=\${COMP_WORDS[COMP_CWORD]}
  local -a words=()
  COMPREPLY=()
  # Which command it is, and which flag waits for its value.
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $word == '=' ]]; then
      flag=$last
    elif [[ $word == ':' ]]; then
      flag=$last
    elif [[ -n $flag ]]; then
      flag=''
    elif [[ $word == --*=* ]]; then
      last=\${word%%=*}
    elif [[ $word == -* ]]; then
      [[ $word == --* ]] || word="-\${word: -1}"
      last=$word
      _flowlog_guard_value "$command" "$word"
      [[ -z $kind ]] || flag=$word
    else
      _flowlog_guard_words "$command"
      for entry in "\${words[@]}"; do
        [[ $entry == "$word" ]] && command="\${command:+$command }$word"
      done
    fi
  done
  if [[ $cur == '=' || $cur == ':' ]]; then
    flag=$last cur=''
  elif [[ -z $flag && $cur == --*=* ]]; then
    flag=\${cur%%=*} before="$flag=" cur=\${cur#*=}
  fi
  if [[ -n $flag ]]; then
    _flowlog_guard_value "$command" "$flag"
  else
    kind=words
    _flowlog_guard_words "$command"
    [[ $cur == -* ]] && _flowlog_guard_flags "$command"
  fi
  case "$kind" in
    file)
      # It has readline quote the names. Bash 3.2, which does not know it, would insert them as they are.
      compopt -o filenames 2>/dev/null || unquoted=yes
      # FORMAT:FILE, where a colon does not end a word.
      [[ $cur == *:* ]] && before="$before\${cur%%:*}:" cur=\${cur#*:}
      while IFS= read -r entry; do
        [[ -z $unquoted ]] || printf -v entry %q "$entry"
        COMPREPLY+=("$before$entry")
      done < <(compgen -f -- "$cur")
      return 0
      ;;
    profile) _flowlog_guard_profiles ;;
    list)
      compopt -o nospace 2>/dev/null
      [[ $cur == *,* ]] && before="$before\${cur%,*}," cur=\${cur##*,}
      ;;
  esac
  for entry in "\${words[@]}"; do
    [[ $entry == "$cur"* ]] && COMPREPLY+=("$before$entry")
  done
  return 0
}

# The flags of a command.
_flowlog_guard_flags() {
  case "$1" in
${all.map(flagsCase).join("\n")}
  esac
}

complete -F _flowlog_guard flowlog-guard
`;
}

function wordsCase({ path, commands, words }: CompletedCommand): string {
  const names = commands.map((command) => String(command.path.at(-1)));
  return `    '${path.join(" ")}') words=(${[...names, ...words].join(" ")}) ;;`;
}

function flagsCase({ path, flags }: CompletedCommand): string {
  const names = flags.flatMap(({ short = [], long }) => [short, long].flat());
  return `    '${path.join(" ")}') words=(${names.join(" ")}) ;;`;
}

function valueCase({ path }: CompletedCommand, { short, long, value }: CompletedFlag): string[] {
  if (value === null) return [];
  const names = [short, long].flatMap((name) =>
    name === undefined ? [] : [`'${path.join(" ")} ${name}'`],
  );
  const set =
    value.kind === "words"
      ? `kind=${value.isList ? "list" : "words"} words=(${value.words.join(" ")})`
      : `kind=${value.kind === "nothing" ? "none" : value.kind}`;
  return [`    ${names.join(" | ")}) ${set} ;;`];
}
