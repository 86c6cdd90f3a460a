import { readFileSync } from "node:fs";

import { inject } from "vitest";

import { problemsOfBundles } from "../../deploy/template/check-bundles.ts";
import type { Template } from "../../deploy/template/template-schema.ts";
import { checkText } from "./check-text.ts";

export const TEXT = readFileSync(new URL("../../s.yaml", import.meta.url), "utf8");

/** The two variables that have no default. */
export const ENV = { DEPLOY_REGION: "cn-hangzhou", ACCOUNT_ID: "1234567890123456" };

export const HOOK = "https://alerts.example.com/path-5c21";

export function problemsOf(
  text: string,
  env: Record<string, string> = ENV,
  values?: object,
): string[] {
  const file = values === undefined ? null : { name: "flowlog-guard.yaml", values };
  const { template, problems } = checkText(text, env, file);
  return template === null ? [...problems] : problemsOfBundles(template, inject("dist"));
}

export function templateOf(env: Record<string, string> = ENV): Template {
  const { template, problems } = checkText(TEXT, env, null);
  if (template === null) throw new Error(problems.join("\n"));
  return template;
}

export function propsOf(name: string, env?: Record<string, string>) {
  const props = templateOf(env).resources[name]?.props;
  if (props === undefined) throw new Error(`no ${name}`);
  return props;
}
