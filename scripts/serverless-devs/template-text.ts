/** What `s.yaml` is made of that the template needs not, or has otherwise. */
const ACCESS = /^access: .*$/m;
const ACTIONS = /^actions:\n(?:[ \t]+.*\n)+\n?/m;
const HEAD = /^(?:#.*\n)+/;

/**
 * Makes the `s.yaml` of the template of the Serverless Registry: its parameters instead of variables of the
 * environment, and no build, because the template brings the built functions. All other variables stay, so that
 * secrets are read when it is deployed.
 *
 * @param text - of the project's `s.yaml`
 * @param parameters - names of variables that the template asks for
 * @throws `Error` where `s.yaml` does not have one of them, or something else that is replaced
 */
export function templateText(text: string, parameters: readonly string[]): string {
  const withoutBuild = replaceOnce(text, ACTIONS, "");
  const withAccess = replaceOnce(withoutBuild, ACCESS, 'access: "{{ access }}"');
  const withHead = replaceOnce(
    withAccess,
    HEAD,
    "# Made from the s.yaml of flowlog-guard. Secrets are read from .env, or from the environment.\n",
  );
  return parameters.reduce((filled, name) => fillIn(filled, name), withHead);
}

/** A whole value is put in quotes, because a region may begin with `!` or `*`. */
function fillIn(text: string, name: string): string {
  const call = String.raw`\$\{env\('${name}'(?:, '[^']*')?\)\}`;
  const whole = new RegExp(`(: )${call}(?=\\s)`, "g");
  const filled = text
    .replaceAll(whole, `$1"{{ ${name} }}"`)
    .replaceAll(new RegExp(call, "g"), `{{ ${name} }}`);
  if (filled === text) throw new Error(`s.yaml has no \${env('${name}')}.`);
  return filled;
}

function replaceOnce(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`s.yaml has nothing like ${String(pattern)}.`);
  return text.replace(pattern, by);
}
