/**
 * Texts that an attacker, or an accident, could give to whatever has a name in the cloud: they mean something
 * to a spreadsheet, a browser, a terminal, a chat or a parser. None is blank.
 */
export const HOSTILE_TEXTS: readonly string[] = [
  ...["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠1"],
  ...['=cmd|"/C calc"!A0', 'x;=1+1;"=2', '"=1', "\u200B=1", "'=1"],
  ...["<script>alert(1)</script>", "]]>&amp;&lt;", "]]><!--", "a|b`c`*d*"],
  ...["[click](https://evil.example) {0} {1}", `"quotes" and 'more' \\ \\n`],
  ...["line\nbreak\r\nand\u2028more\u0085\ttab", '{x="y"} 1\n# HELP x\nflowlog_guard_compliant 1'],
  ...["\u001B[31mred\u001B[0m \u009B32m\u0007\u0000\uFFFE\uFFFF", "\uD83D lone \uDC69"],
  ...["\u202Egnp.exe\u2066\u200B", "__proto__", "constructor", "账号，名称", "👩‍👩‍👧‍👦"],
  "x".repeat(10_000),
];
