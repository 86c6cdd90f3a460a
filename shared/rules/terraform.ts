import { hclName, hclQuoted } from "./quoting.ts";

/**
 * A resource block of Terraform, as its formatter writes it.
 *
 * @param id - becomes the block's name
 * @param args - the arguments by name, each as an expression
 * @param nested - nested blocks, indented; each ends its last line
 * @see https://developer.hashicorp.com/terraform/language/resources/syntax
 */
export function resourceBlock(
  type: string,
  id: string,
  args: Readonly<Record<string, string>>,
  nested = "",
): string {
  const width = Math.max(...Object.keys(args).map((name) => name.length));
  const lines = Object.entries(args).map(([name, value]) => `  ${name.padEnd(width)} = ${value}\n`);
  const more = nested === "" ? "" : `\n${nested}`;
  return `resource "${type}" "${hclName(id)}" {\n${lines.join("")}${more}}\n`;
}

/**
 * An import block, which takes what exists into Terraform's state; from Terraform 1.5 on.
 *
 * @param name - as the resource block has it
 * @param id - by which the provider finds what exists
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export function importBlock(type: string, name: string, id: string): string {
  return `import {\n  to = ${type}.${hclName(name)}\n  id = ${hclQuoted(id)}\n}\n\n`;
}
