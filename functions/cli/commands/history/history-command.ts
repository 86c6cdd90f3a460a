import { ConfigError } from "../../../../shared/audit/run-error.ts";
import type { Config } from "../../../../shared/config/config.ts";
import {
  historyFormatOf,
  type HistoryFormatName,
} from "../../../../shared/history/history-formats.ts";
import type { History, UnusableRun } from "../../../../shared/history/history.ts";
import { readHistory } from "../../../../shared/history/read-history.ts";
import { readWindow, type WindowFlags } from "../../../../shared/history/read-window.ts";
import { createTransport, type Transport } from "../../../../shared/http/transport.ts";
import type { ReportLanguage } from "../../../../shared/report/words/report-words.ts";
import { RULE_IDS } from "../../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import { cleanText } from "../../../../shared/text/clean-text.ts";
import { type CliRuntime, showsColors, widthOf, write, writeNotes } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom } from "../../flags/config-options.ts";
import { languageNotes } from "../../flags/language-option.ts";
import { openLocalArchive } from "../../local/local-archive.ts";
import { type CredentialsFlags, credentialsFinder } from "../../local/local-audit.ts";
import { startCountProgress } from "../../terminal/count-progress.ts";
import { showsUnicode } from "../../terminal/shows-unicode.ts";

export interface HistoryFlags extends ConfigFlags, CredentialsFlags, WindowFlags {
  readonly format: HistoryFormatName;
  readonly language?: ReportLanguage;
  readonly quiet?: boolean;
}

/**
 * Prints what the kept evidence says over time. It is no audit: what is not compliant changes no exit code.
 *
 * @throws `ConfigError` when no evidence is configured, or a flag is wrong
 * @throws `CredentialsError` when it is in OSS, and the chosen credentials cannot be used
 * @throws `EvidenceError` when it cannot be read
 */
export async function runHistoryCommand(
  flags: HistoryFlags,
  runtime: CliRuntime,
): Promise<ExitCode> {
  const { language } = flags;
  if (language !== undefined && historyFormatOf(flags.format).hasLanguages !== true) {
    throw new ConfigError([
      `--language: a history in the format ${flags.format} is the same in every language`,
    ]);
  }
  const now = runtime.clock();
  const window = readWindow(flags, now);
  const config = configFrom(flags, runtime.env);
  using transport = createTransport(config.proxy);
  const find = async (): Promise<Credentials> => {
    const finder = await credentialsFinder(flags, config, runtime);
    return finder.find(newRunId(), transport);
  };
  const archive = await openLocalArchive(config, runtime, transport, find);
  const cards = await loadRules(RULE_IDS);
  const kept = await readHistory(archive, cards, window);
  await writeNotes(runtime, kept.runs.unusable.map(describeUnusable));
  const history = config.actiontrail
    ? await withTrail(kept, config, flags, runtime, transport, find)
    : kept;
  const text = await historyFormatOf(flags.format).render(history, {
    evidence: archive.name,
    madeAt: now.toISOString(),
    ...(language !== undefined && { language }),
    cards,
    color: showsColors(runtime.stdout, runtime.env),
    showsUnicode: showsUnicode(runtime.stdout, runtime.env),
    columns: widthOf(runtime.stdout),
  });
  await writeNotes(runtime, languageNotes(language, runtime.stdout, runtime.env));
  await write(runtime.stdout, text);
  return exitCodeOf(history);
}

async function withTrail(
  kept: History,
  config: Config,
  { quiet = false }: HistoryFlags,
  runtime: CliRuntime,
  transport: Transport,
  find: () => Promise<Credentials>,
): Promise<History> {
  const { addLocalTrail } = await import("./local-trail.ts");
  const progress = await startCountProgress(runtime, !quiet, "questions to ActionTrail");
  try {
    return await addLocalTrail(kept, config, runtime, transport, find, progress.show);
  } finally {
    progress.stop();
  }
}

function describeUnusable({ name, message }: UnusableRun): string {
  return `${cleanText(name, 300)}: ${message}. The run is not used.`;
}

/**
 * Evidence that was changed or removed goes before all else. A report that this version cannot read, or
 * ActionTrail where it could not be asked, leaves a history incomplete.
 */
function exitCodeOf({ runs, trail }: History): ExitCode {
  if (runs.unusable.some(({ code }) => code !== "REPORT_UNREADABLE")) {
    return EXIT_CODES.NON_COMPLIANT;
  }
  const isWhole =
    runs.used > 0 &&
    runs.unusable.length === 0 &&
    (trail === null || (trail.problem === null && trail.failures.length === 0));
  return isWhole ? EXIT_CODES.ALL_WELL : EXIT_CODES.INCOMPLETE;
}
