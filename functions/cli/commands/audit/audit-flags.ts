import { ConfigError } from "../../../../shared/audit/run-error.ts";
import type { MetricsBy } from "../../../../shared/report/format.ts";
import { FORMAT_NAMES, type FormatName, formatOf } from "../../../../shared/report/formats.ts";
import type { ReportLanguage } from "../../../../shared/report/words/report-words.ts";
import { type ConfigFlags, flagOf, isGiven, RUN_FLAGS } from "../../flags/config-options.ts";
import { statusesFrom } from "../../flags/only-option.ts";
import type { CredentialsFlags } from "../../local/local-audit.ts";
import type { PrintOptions } from "../../output/print-report.ts";
import type { OutputFiles } from "../../output/read-outputs.ts";
import type { RemoteFlags } from "./remote-audit.ts";

/** The flags of the command audit. */
export interface AuditFlags extends ConfigFlags, RemoteFlags, CredentialsFlags {
  /** Of stdout. */
  readonly format?: FormatName;
  /** Files, each with a format or an extension. */
  readonly output?: readonly string[];
  /** Statuses, separated by commas. */
  readonly only?: string;
  readonly metricsBy?: MetricsBy;
  readonly language?: ReportLanguage;
  readonly quiet?: boolean;
  readonly remote?: boolean;
  readonly alert?: boolean;
  readonly exitZero?: boolean;
  /** False with `--no-progress`. */
  readonly progress: boolean;
  readonly verbose?: boolean;
}

/** Flags that `--remote` excludes, and flags that need it. */
const LOCAL_FLAGS = ["config", ...RUN_FLAGS, "alert"];
const REMOTE_FLAGS = ["function", "region", "qualifier", "account"];

/** How the report is printed. Where a file is named, stdout has a report only if it is asked for. */
export function printOptionsOf(flags: AuditFlags, { files }: OutputFiles): PrintOptions {
  const format = flags.format ?? (flags.output === undefined ? "table" : null);
  return { ...flags, format, files };
}

/**
 * Checks the flags before anything is asked.
 *
 * @throws {@link ConfigError} for flags that exclude or need each other, or a value that is wrong
 */
export function assertTogether(flags: AuditFlags, outputs: OutputFiles, print: PrintOptions): void {
  const excluded = flags.remote === true ? LOCAL_FLAGS : REMOTE_FLAGS;
  const problems = excluded
    .filter((name) => isGiven(flags, name))
    .map((name) => {
      if (flags.remote === true) {
        return `${flagOf(name)}: means nothing beside --remote, where the function's own configuration holds`;
      }
      const hint = name === "region" ? ". The regions to audit are --regions" : "";
      return `${flagOf(name)}: is for --remote only${hint}`;
    });
  problems.push(...outputs.problems);
  const formats = [print.format, ...outputs.files.map(({ format }) => format)];
  if (flags.only !== undefined && !formats.includes("table")) {
    problems.push("--only: is for tables; a report in another format is always whole");
  }
  if (flags.metricsBy !== undefined && !formats.includes("prometheus")) {
    problems.push("--metrics-by: is for the format prometheus, such as --output report.prom");
  }
  if (flags.language !== undefined && !formats.some(hasLanguages)) {
    const names = FORMAT_NAMES.filter(hasLanguages).join(", ");
    problems.push(
      `--language: is for the formats ${names}; a report in another format is the same in every language`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  // Throws where a status is wrong, before anything is asked.
  statusesFrom(flags.only);
}

function hasLanguages(format: FormatName | null): boolean {
  return format !== null && formatOf(format).hasLanguages === true;
}
