import { readFileSync } from "node:fs";

import { parse } from "yaml";

import type { Config } from "../../../../shared/config/config.ts";
import {
  type FunctionSize,
  warningOfFunctionSize,
} from "../../../../shared/config/function-size.ts";
import { auditTimeMs } from "../../../../shared/entry/function-context.ts";

/** What Serverless Devs deploys by default, in the project's folder. */
const TEMPLATE = "s.yaml";

/**
 * Sentences about the functions of the `s.yaml` in this folder that are too small for the accounts. One that
 * is missing or cannot be read has none: the deployment checks it.
 */
export function warningsOfTemplate(config: Config): string[] {
  const namesOf = new Map<string, string[]>();
  for (const [name, size] of functionSizes()) {
    const warning = warningOfFunctionSize(config, size, auditTimeMs({ function: size }));
    if (warning !== null) namesOf.set(warning, [...(namesOf.get(warning) ?? []), name]);
  }
  return [...namesOf].map(([warning, names]) => `${TEMPLATE}: ${names.join(", ")}: ${warning}.`);
}

function functionSizes(): (readonly [name: string, FunctionSize])[] {
  const { resources }: { resources?: unknown } = Object(readTemplate());
  return Object.entries(Object(resources)).flatMap(([name, resource]) => {
    const { props }: { props?: unknown } = Object(resource);
    const { timeout, cpu, memorySize }: Partial<Record<keyof FunctionSize, unknown>> =
      Object(props);
    return typeof timeout === "number" && typeof cpu === "number" && typeof memorySize === "number"
      ? [[name, { timeout, cpu, memorySize }] as const]
      : [];
  });
}

function readTemplate(): unknown {
  try {
    return parse(readFileSync(TEMPLATE, "utf8"), { logLevel: "silent" });
  } catch {
    return null;
  }
}
