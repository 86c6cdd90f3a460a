import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";

/**
 * Writes a command to the runner.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function workflowCommand(name: string, value: string): string {
  const data = value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return `::${name}::${data}\n`;
}

/**
 * Sets outputs of the step. No value can end early and set another output.
 *
 * @param file - that of `GITHUB_OUTPUT`; undefined outside of a workflow, where nobody reads them
 */
export function setOutputs(
  file: string | undefined,
  outputs: Readonly<Record<string, string>>,
): void {
  if (file === undefined) return;
  for (const [name, value] of Object.entries(outputs)) {
    const end = randomUUID();
    appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
  }
}
