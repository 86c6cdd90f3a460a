import picocolors from "picocolors";

import { ConfigError } from "../../../../shared/audit/run-error.ts";
import { type Config, DEFAULT_CONFIG } from "../../../../shared/config/config.ts";
import { createTransport } from "../../../../shared/http/transport.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { escapeInvisible } from "../../../../shared/text/escape-invisible.ts";
import { type CliRuntime, showsColors, widthOf, write } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom } from "../../flags/config-options.ts";
import type { CredentialsFlags } from "../../local/local-audit.ts";
import { startCountProgress } from "../../terminal/count-progress.ts";
import { marksOf } from "../../terminal/shows-unicode.ts";
import { checksOf } from "./checks.ts";
import { describeReport } from "./describe-report.ts";
import { doctorReport } from "./doctor-report.ts";
import { runChecks } from "./run-checks.ts";

export const DOCTOR_FORMATS = ["text", "json"] as const;

export interface DoctorFlags extends ConfigFlags, CredentialsFlags {
  readonly format: (typeof DOCTOR_FORMATS)[number];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/**
 * Tries the set-up, and prints what is wrong and how to fix it. It reads: nothing is audited, sent or
 * written.
 *
 * @returns "could not run" where something is wrong
 */
export async function runDoctorCommand(flags: DoctorFlags, runtime: CliRuntime): Promise<ExitCode> {
  const { config, problems: configProblems } = resolve(flags, runtime);
  const progress = await startCountProgress(runtime, flags.quiet !== true, "checks done");
  using transport = createTransport(config.proxy);
  const rules = await loadRules(config.rules);
  const checks = checksOf(config, rules, runtime.env, transport);
  const setUp = { flags, runtime, config, configProblems, transport, learnt: {} };
  let done = 0;
  try {
    const results = await runChecks(checks, setUp, {
      onDone: () => progress.show((done += 1), checks.length),
    });
    const report = doctorReport(results, runtime.clock());
    progress.stop();
    const text =
      flags.format === "json"
        ? `${escapeInvisible(JSON.stringify(report, null, 2))}\n`
        : describeReport(report, {
            colors: picocolors.createColors(showsColors(runtime.stdout, runtime.env)),
            marks: marksOf(runtime.stdout, runtime.env),
            width: widthOf(runtime.stdout),
            quiet: flags.quiet === true,
            verbose: flags.verbose === true,
          });
    await write(runtime.stdout, text);
    return report.status === "problem" ? EXIT_CODES.COULD_NOT_RUN : EXIT_CODES.ALL_WELL;
  } finally {
    progress.stop();
  }
}

/** The configuration; or its problems, and the defaults, so that the checks it takes can be listed. */
function resolve(
  flags: DoctorFlags,
  { env }: CliRuntime,
): { readonly config: Config; readonly problems: readonly string[] } {
  try {
    return { config: configFrom(flags, env), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: DEFAULT_CONFIG, problems: error.problems };
  }
}
