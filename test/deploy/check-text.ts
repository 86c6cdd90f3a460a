import { type CheckedTemplate, checkTemplate } from "../../deploy/template/check-template.ts";
import { parseTemplate } from "../../deploy/template/template-files.ts";
import { ConfigError } from "../../shared/audit/run-error.ts";
import type { ConfigFile } from "../../shared/config/layer.ts";

/** Checks the text of an `s.yaml`, and of one that it extends. */
export function checkText(
  text: string,
  env: Record<string, string>,
  configFile: ConfigFile | null = null,
  base: readonly string[] = [],
): CheckedTemplate {
  try {
    const files = [text, ...base].map((content) => ({
      name: "s.yaml",
      content: parseTemplate("s.yaml", content),
    }));
    return checkTemplate(files, env, configFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { template: null, problems: error.problems, warnings: [] };
  }
}
