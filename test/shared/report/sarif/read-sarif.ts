import { readFileSync } from "node:fs";

import ajvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { expect } from "vitest";

import type { Report } from "../../../../shared/audit/report.ts";
import type { RenderOptions } from "../../../../shared/report/format.ts";
import { sarif } from "../../../../shared/report/sarif.ts";
import { RESOURCE_RULES } from "../../../../shared/rules/resource-rules.ts";
import { DEFAULT_RULES } from "../../../../shared/rules/rules.ts";

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: unknown;
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly unknown[];
  readonly properties: { readonly status: string; readonly regionId: string };
}

export interface SarifNotification {
  readonly level: string;
  readonly descriptor: { readonly id: string };
  readonly associatedRule?: { readonly id: string };
  readonly message: { readonly text: string };
  readonly locations?: SarifResult["locations"];
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly semanticVersion: string;
      readonly rules: readonly {
        readonly id: string;
        readonly helpUri?: string;
        readonly fullDescription: { readonly text: string };
        readonly help: { readonly text: string };
        readonly defaultConfiguration: { readonly level: string };
        readonly relationships?: readonly unknown[];
        readonly properties: Readonly<Record<string, unknown>>;
      }[];
      readonly notifications: readonly { readonly id: string }[];
    };
  };
  readonly automationDetails: { readonly id: string; readonly guid?: string };
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly SarifNotification[];
      readonly toolConfigurationNotifications: readonly SarifNotification[];
    },
  ];
  readonly taxonomies?: readonly unknown[];
  readonly results: readonly SarifResult[];
  readonly properties: Readonly<Record<string, unknown>>;
}

const SCHEMA = new URL("../../../fixtures/sarif/sarif-schema-2.1.0.json", import.meta.url);

function createValidator(): (value: unknown) => string[] {
  const ajv = new ajvDraft04.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);
  return (value) => {
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

/** The errors of the official schema. */
export const schemaErrors = createValidator();

/**
 * Rules of the specification that its schema does not check, and that GitHub needs.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html#_Toc141790898
 */
export function brokenRules({ results, tool }: SarifRun): string[] {
  return results.flatMap(({ kind, level, ruleId, ruleIndex, locations }, index) => [
    ...(kind !== "fail" && level !== "none" ? [`${index}: kind ${kind} with level ${level}`] : []),
    ...(kind === "fail" && level === "none" ? [`${index}: a failure without a level`] : []),
    ...(ruleIndex !== undefined && tool.driver.rules[ruleIndex]?.id !== ruleId
      ? [`${index}: ruleIndex is of another rule`]
      : []),
    ...(locations[0]?.physicalLocation === undefined ? [`${index}: no physical location`] : []),
  ]);
}

export const CARDS = [...DEFAULT_RULES, ...RESOURCE_RULES];

/** Renders a report, and reads the run of a log that is valid. */
export async function runOf(
  report: Report,
  options: Partial<RenderOptions> = {},
): Promise<SarifRun> {
  const text = await sarif.render(report, { color: false, cards: CARDS, ...options });
  const log = JSON.parse(text) as { readonly runs: readonly [SarifRun] };
  expect(schemaErrors(log)).toEqual([]);
  const [run] = log.runs;
  expect(brokenRules(run)).toEqual([]);
  return run;
}
