import { spawnSync } from "node:child_process";
import { escape as escapeQuery, stringify as formEncode } from "node:querystring";
import { inspect } from "node:util";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify as yamlOf } from "yaml";

import { createMask } from "../../../deploy/secrets/mask.ts";
import { secretsOf } from "../../../deploy/secrets/secrets.ts";

type Encode = (secret: string) => string;

const hexOf = (code: number, width: number): string => code.toString(16).padStart(width, "0");
const inner = (quoted: string): string => quoted.slice(1, -1);
const json: Encode = (secret) => inner(JSON.stringify(secret));
const perUnit =
  (write: (code: number) => string): Encode =>
  (secret) =>
    Array.from({ length: secret.length }, (_, index) => write(secret.charCodeAt(index))).join("");
const perPoint =
  (write: (code: number) => string): Encode =>
  (secret) =>
    Array.from(secret, (character) => write(character.codePointAt(0) ?? 0)).join("");
const perByte =
  (write: (byte: number) => string): Encode =>
  (secret) =>
    Array.from(Buffer.from(secret), write).join("");
const byMarks =
  (marks: RegExp, write: (mark: string) => string): Encode =>
  (secret) =>
    secret.replaceAll(marks, write);
const html = byMarks(
  /[&<>"']/g,
  (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark] ?? "&#39;",
);
const base64 =
  (encoding: "base64" | "base64url"): Encode =>
  (secret) =>
    Buffer.from(secret).toString(encoding);
const lowerPercent: Encode = (secret) =>
  encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase());

/** Other programs' encodings of a text, written without the code that decodes them. */
const ENCODERS: Readonly<Record<string, Encode>> = {
  "as it is": (secret) => secret,
  encodeURIComponent,
  "encodeURIComponent in small letters": lowerPercent,
  encodeURI,
  "node:querystring": escapeQuery,
  "a form": (secret) => formEncode({ a: secret }).slice(2).replaceAll("%20", "+"),
  URLSearchParams: (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  "every byte percent-encoded": perByte((byte) => `%${hexOf(byte, 2).toUpperCase()}`),
  "every byte percent-encoded in small letters": perByte((byte) => `%${hexOf(byte, 2)}`),
  JSON: json,
  "JSON with escaped slashes": (secret) => json(secret).replaceAll("/", "\\/"),
  "JSON in ASCII": (secret) =>
    json(secret).replaceAll(/[^\u0020-\u007e]/g, (unit) => `\\u${hexOf(unit.charCodeAt(0), 4)}`),
  "JSON of escapes alone": perUnit((code) => `\\u${hexOf(code, 4)}`),
  "JSON of escapes alone in capitals": perUnit((code) => `\\u${hexOf(code, 4).toUpperCase()}`),
  "Go's JSON": (secret) =>
    json(secret).replaceAll(/[&<>]/g, (mark) => `\\u${hexOf(mark.charCodeAt(0), 4)}`),
  "Go's %+q": perPoint((code) => {
    const character = String.fromCodePoint(code);
    if (character === '"' || character === "\\") return `\\${character}`;
    if (code >= 0x20 && code < 0x7f) return character;
    return code > 0xff_ff ? `\\U${hexOf(code, 8)}` : `\\u${hexOf(code, 4)}`;
  }),
  "bytes of C": perByte((byte) => `\\x${hexOf(byte, 2)}`),
  "octal bytes of C": perByte((byte) => `\\${byte.toString(8).padStart(3, "0")}`),
  "code points of JavaScript": perPoint((code) => `\\u{${code.toString(16)}}`),
  "util.inspect": (secret) => inner(inspect(secret)),
  "HTML's marks": html,
  "HTML's numbers": perPoint((code) => `&#${code};`),
  "HTML's hexadecimal numbers": perPoint((code) => `&#x${code.toString(16)};`),
  "HTML's hexadecimal numbers in capitals": perPoint(
    (code) => `&#X${code.toString(16).toUpperCase()};`,
  ),
  "HTML's names": byMarks(/[&"'/=?:]/g, (mark) => {
    const names = ["&amp;", "&quot;", "&apos;", "&sol;", "&equals;", "&quest;", "&colon;"];
    return names["&\"'/=?:".indexOf(mark)] ?? mark;
  }),
  "single quotes of a shell": (secret) => secret.replaceAll("'", "'\\''"),
  "single quotes of a shell, with double ones between": (secret) =>
    secret.replaceAll(/'+/g, (quotes) => `'"${quotes}"'`),
  "double quotes of a shell": (secret) => secret.replaceAll(/["$`\\]/g, "\\$&"),
  "backslashes of a shell": (secret) => secret.replaceAll(/[^A-Za-z0-9_\u0080-\uffff]/g, "\\$&"),
  "ANSI quotes of a shell": (secret) => secret.replaceAll(/['\\]/g, "\\$&"),
  "single quotes of YAML": (secret) =>
    inner(yamlOf(secret, { defaultStringType: "QUOTE_SINGLE", lineWidth: 0 }).trimEnd()),
  "double quotes of YAML": (secret) =>
    inner(yamlOf(secret, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0 }).trimEnd()),
  "doubled quotes": (secret) => secret.replaceAll('"', '""'),
  hex: (secret) => Buffer.from(secret).toString("hex"),
  "hex in capitals": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  "hex in pairs": (secret) => inner(inspect(Buffer.from(secret))).replace("Buffer ", ""),
  "numbers of bytes": (secret) => inner(JSON.stringify(Buffer.from(secret).toJSON().data)),
  base64: base64("base64"),
  base64url: base64("base64url"),
  "JSON in JSON": (secret) => json(JSON.stringify({ a: secret })).slice(9, -3),
  "percent-encoded twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  "percent-encoded JSON": (secret) => encodeURIComponent(json(secret)),
  "JSON of a form": (secret) => json(new URLSearchParams({ a: secret }).toString().slice(2)),
  "HTML of JSON": (secret) => html(json(secret)),
  "percent-encoded base64": (secret) => encodeURIComponent(base64("base64")(secret)),
  "base64 of JSON": (secret) => base64("base64")(json(secret)),
};

const characters = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.constantFrom(...Array.from("/+=&?%<>\"'\\ $!#:;{}[]`~^|,")) },
  { weight: 1, arbitrary: fc.constantFrom("é", "你", "😀", "\u00a0", "ß") },
);
/** Texts that can be a secret in a line: no control characters, and six characters or more. */
const secrets = fc.array(characters, { minLength: 6, maxLength: 40 }).map((all) => all.join(""));

function maskWith(env: Record<string, string>) {
  return createMask(secretsOf(env, null, null));
}

function maskOf(secret: string) {
  return createMask({ values: [secret], isSecretName: (name) => name === "NAME" });
}

describe("a whole secret is hidden, and nothing else", () => {
  test.each(Object.entries(ENCODERS))("written as %s", (_name, encode) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        expect(maskOf(secret)(`request [${encode(secret)}] done`)).toBe("request [***] done");
      }),
      { numRuns: 200 },
    );
  });
});

describe("base64 of a text that contains a secret", () => {
  test.each(["base64", "base64url"] as const)(
    "in %s: each character that has some of its bits",
    (kind) => {
      fc.assert(
        fc.property(fc.string(), secrets, fc.string(), (before, secret, behind) => {
          const all = Buffer.from(before + secret + behind).toString(kind);
          const length = Buffer.byteLength(secret);
          const start = Buffer.byteLength(before);
          const first = Math.floor((start * 8) / 6);
          const last = Math.ceil(((start + length) * 8) / 6);
          const shown = maskOf(secret)(`[${all}]`) ?? "";
          const [head = "", tail = "", ...more] = shown.slice(1, -1).split("***");
          expect(more).toEqual([]);
          // Adjacent padding and an escape before it may be hidden too.
          expect(head.length).toBeLessThanOrEqual(first);
          expect(head.length).toBeGreaterThanOrEqual(first - 4);
          expect(all.startsWith(head)).toBe(true);
          expect(all.slice(last)).toContain(tail);
          expect(all.slice(last).length - tail.length).toBeLessThanOrEqual(6);
        }),
      );
    },
  );
});

const bash = spawnSync("bash", ["-c", "exit 0"]).status === 0;

describe.skipIf(!bash)("as bash writes it (skipped without bash)", () => {
  test.each([
    ["printf %q", 'for text; do printf "%q\\n" "$text"; done'],
    ["set -x", 'exec 2>&1; PS4=; set -x; for text; do : "$text"; done'],
    ["declare -p", "for text; do declare -p text; done"],
  ])("%s", (_name, script) => {
    const samples = fc.sample(secrets, 500);
    const { stdout } = spawnSync("bash", ["-c", script, "bash", ...samples], {
      encoding: "utf8",
      env: { LC_ALL: "C.UTF-8" },
    });
    const lines = stdout.split("\n").filter((line) => !/^(for text in|exec|PS4)/.test(line));
    expect(lines.length).toBeGreaterThanOrEqual(samples.length);
    for (const [index, secret] of samples.entries()) {
      const shown = maskOf(secret)(String(lines[index]));
      expect(shown, `${secret} is written ${lines[index]}`).toMatch(
        /^(: |declare -- text=)?(\$?['"]|")?\*\*\*['"]?$/,
      );
    }
  });
});

const HOOK =
  "https://user-5c21:pass-88fe@alerts.example.com/robot/hook-path-33dd?sign=ab%2Fcd&token=hook-token-42cc#frag-77bb";

describe("the parts of an address", () => {
  test.each([
    ["POST /robot/hook-path-33dd HTTP/1.1", "POST *** HTTP/1.1"],
    ["path hook-path-33dd", "path ***"],
    ["path robot/hook-path-33dd", "path ***"],
    ["the values hook-token-42cc and ab/cd, ab%2fcd", "the values *** and ab/cd, ab%2fcd"],
    ["query sign%3Dab%252Fcd%26token%3Dhook-token-42cc", "query ***: ***"],
    ["user-5c21 and pass-88fe", "*** and ***"],
    [`Basic ${Buffer.from("user-5c21:pass-88fe").toString("base64")}`, "Basic ***"],
    ["#frag-77bb", "#***"],
    ["alerts.example.com answered 200", "alerts.example.com answered 200"],
    ["the robot", "the robot"],
  ])("%s", (line, shown) => {
    const masked = maskWith({ FLOWLOG_GUARD_WEBHOOK_URL: HOOK })(line);
    expect(masked).toBe(shown);
  });
});

describe("other secrets in a value", () => {
  const keys = { AccountID: "1234567890123456", profiles: [{ AccessKeyID: "LTAI-5c21-id" }] };
  const env = { ci_serverless_devs_key: JSON.stringify(keys), A_TOKEN: "first-88fe\nsecond-33dd" };

  test.each([
    ["LTAI-5c21-id of 1234567890123456", "*** of 1234567890123456"],
    ["  second-33dd", "  ***"],
    [JSON.stringify(env.A_TOKEN), '"***"'],
  ])("%s", (line, shown) => {
    expect(maskWith(env)(line)).toBe(shown);
  });

  test("a value of fewer than six characters is hidden by its name alone", () => {
    const mask = maskWith({ A_TOKEN: "true" });
    expect(mask("it is true")).toBe("it is true");
    expect(mask("A_TOKEN is set, A_TOKEN=true")).toBe("A_TOKEN is set, A_TOKEN: ***");
  });

  test("a line without a secret keeps its colours", () => {
    const line = "\u001b[1mtimeout\u001b[22m: 120 %2F &amp; \\n";
    expect(maskWith(env)(line)).toBe(line);
  });
});

test.each([
  "%7B%22A_TOKEN%22%3A%22old-path-22ff%22%7D",
  "{&quot;A_TOKEN&quot;:&quot;old-path-22ff&quot;}",
  "{\\u0022A_TOKEN\\u0022:\\u0022old-path-22ff\\u0022}",
])("the value after a name is hidden where the name is escaped: %s", (line) => {
  const shown = maskWith({})(line);
  expect(shown).toContain("A_TOKEN: ***");
  expect(shown).not.toContain("22ff");
});

test("the first name is shown, also where a later one is not escaped", () => {
  const shown = maskWith({})("%22A_TOKEN%22:%22old-path-22ff%22 B_TOKEN: x");
  expect(shown).toBe("%22A_TOKEN: ***");
});

test("below a name that ends its line, however many spaces it has", () => {
  const mask = maskWith({});
  expect(mask(`A_TOKEN:${" ".repeat(100_000)}|`)).toBe("A_TOKEN: ***");
  expect(mask("  old-path-22ff")).toBeNull();
  expect(mask("timeout: 120")).toBe("timeout: 120");
});

/** Lines on which a search with backtracking needs quadratic time. */
test.each([
  ["one word", "a"],
  ["backslashes", "\\"],
  ["percent signs", "%25"],
  ["references", "&amp;"],
  ["quotes", "'\"'"],
  ["double quotes", '"'],
  ["names", 'token "'],
  ["all of them", "'\\''%41&lt;\\x41 "],
  ["the beginning of a secret", "https:"],
])("a line of 400 KB of %s is masked within seconds", (_name, part) => {
  const mask = maskWith({ FLOWLOG_GUARD_WEBHOOK_URL: HOOK });
  const started = performance.now();
  mask(`A_NAME ${part.repeat(400_000 / part.length)} end`);
  expect(performance.now() - started).toBeLessThan(5_000);
});
