const WORD =
  /(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s;&|<>()#"'\\])(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s;&|<>()"'\\])*/y;

/**
 * The calls of a program in a shell script, each as the arguments that the shell would pass. Variables
 * stay as they are written. A call inside of `$(…)` is found too.
 */
export function callsOf(program: string, script: string): string[][] {
  const starts = new RegExp(`(?<![\\w./-])${program}(?=[\\s)]|$)`, "g");
  const lines = script.replaceAll(/\\\n\s*/g, " ");
  return [...lines.matchAll(starts)]
    .filter(({ index }) => isCommand(lines.slice(0, index)))
    .map(({ index }) => argumentsIn(lines.slice(index + program.length)));
}

/** Whether what follows is the first word of a command: nothing but assignments is before it. */
function isCommand(before: string): boolean {
  const command = before.split(/\n|;|&&|\|\|?|\$\(|\bthen\b|\bdo\b/).at(-1) ?? "";
  return /^\s*(?:(?:\w+=\S*|time|exec|!)\s+)*$/.test(command);
}

function argumentsIn(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === " ") at += 1;
    // A redirection is no argument.
    WORD.lastIndex = at;
    const [word] = WORD.exec(text) ?? [];
    if (word === undefined) return words;
    at = WORD.lastIndex;
    words.push(word.replaceAll(/\\([\s\S])|["']/g, "$1"));
  }
}
