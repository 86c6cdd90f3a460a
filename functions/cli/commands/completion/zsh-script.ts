import {
  type CompletedCommand,
  type CompletedFlag,
  type Offer,
  withAllBelow,
} from "./completed-command.ts";

/** The completion for zsh 5 and later, to be sourced, or to be a file of `fpath`. */
export function zshScript(program: CompletedCommand): string {
  return `#compdef flowlog-guard
# zsh completion for flowlog-guard, made by "flowlog-guard completion zsh".

# The names of profiles of the aliyun command line.
_flowlog_guard_profiles() {
  local line name file="$HOME/.aliyun/config.json"
  local -a names match mbegin mend
  if [[ -r $file ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      while [[ $line =~ '"name"[[:space:]]*:[[:space:]]*"([^"\\\\]*)"' ]]; do
        name=$match[1]
        line=\${line[MEND+1,-1]}
        [[ -n $name ]] && names+=("$name")
      done
    done <"$file"
  fi
  compadd -a names
}

${withAllBelow(program).map(commandFunction).join("\n\n")}

if [[ $funcstack[1] == _flowlog_guard ]]; then
  _flowlog_guard "$@"
else
  compdef _flowlog_guard flowlog-guard
fi
`;
}

function nameOf(path: readonly string[]): string {
  return ["_flowlog_guard", ...path].join("_");
}

function commandFunction({ path, flags, commands, words }: CompletedCommand): string {
  const specs = flags.flatMap(specOf);
  if (commands.length === 0) {
    const rest = words.length > 0 ? [`'1: :(${words.join(" ")})'`] : [];
    return `${nameOf(path)}() {
  _arguments -s -S ${[...specs, ...rest].join(" \\\n    ")}
}`;
  }
  return `${nameOf(path)}() {
  local context state state_descr line
  local -A opt_args
  _arguments -s -C ${specs.join(" \\\n    ")} \\
    '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands=(
${commands.map((command) => `        '${String(command.path.at(-1))}:${command.description}'`).join("\n")}
      )
      _describe command commands
      ;;
    rest)
      case $words[1] in
${commands.map((command) => `        ${String(command.path.at(-1))}) ${nameOf(command.path)} ;;`).join("\n")}
      esac
      ;;
  esac
}`;
}

/** The specs of a flag: of its long form, and of its short one, each of which excludes the other. */
function specOf({ short, long, description, value, isRepeatable }: CompletedFlag): string[] {
  const names = [short, long].flatMap((name) => (name === undefined ? [] : [name]));
  const excluded = isRepeatable ? "*" : `(${names.join(" ")})`;
  return names.map((name) => {
    const equals = value === null ? "" : name.startsWith("--") ? "=" : "+";
    const action = value === null ? "" : `:${long.slice(2)}:${actionOf(value)}`;
    return `'${excluded}${name}${equals}[${description}]${action}'`;
  });
}

function actionOf(value: Offer): string {
  switch (value.kind) {
    case "nothing":
      return "";
    case "file":
      return "_files";
    case "profile":
      return "_flowlog_guard_profiles";
    case "words":
      return value.isList
        ? `_sequence compadd - ${value.words.join(" ")}`
        : `(${value.words.join(" ")})`;
  }
}
