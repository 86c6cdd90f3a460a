import { ConfigError } from "../../../../shared/audit/run-error.ts";
import { hasManyAccounts } from "../../../../shared/config/accounts.ts";
import { createTransport } from "../../../../shared/http/transport.ts";
import type { Language } from "../../../../shared/notify/receiver-options.ts";
import {
  createReceivers,
  descriptorOf,
  RECEIVER_TYPES,
  type ReceiverOptions,
  type ReceiverType,
} from "../../../../shared/notify/receivers.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { writeStderr, type CliRuntime, write } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom, NO_RECEIVER } from "../../flags/config-options.ts";
import { sampleAlert } from "./sample-alert.ts";

export interface AlertPreviewFlags extends ConfigFlags {
  readonly type?: ReceiverType;
  /** The former name of `type`. */
  readonly format?: string | true;
  /** In place of that of each receiver. */
  readonly language?: Language;
  readonly quiet?: boolean;
}

/**
 * Prints the messages that receivers would get for a sample audit with the configured rules, each
 * as JSON. Sends nothing.
 *
 * @throws `ConfigError` when no receiver is configured and no type is named, `--format` is used, or
 *   `--language` where no receiver has a language
 */
export async function runAlertPreviewCommand(
  flags: AlertPreviewFlags,
  runtime: CliRuntime,
): Promise<ExitCode> {
  if (flags.format !== undefined) {
    const meant = RECEIVER_TYPES.find((type) => type === flags.format) ?? "<type>";
    throw new ConfigError([`--format: is now called --type: write --type ${meant}`]);
  }
  const config = configFrom(flags, runtime.env);
  const { alerts, rules } = config;
  const cards = await loadRules(rules);
  const receivers = createReceivers(
    inLanguage(chosen(alerts.receivers, flags.type), flags.language),
    // Nothing is sent.
    createTransport(null),
  );
  for (const receiver of receivers) {
    const language = receiver.namesPlacesIn ?? "en";
    const alert = sampleAlert(runtime.clock(), language, cards, hasManyAccounts(config));
    if (flags.quiet !== true) {
      await writeStderr(runtime, `flowlog-guard: what ${receiver.name} would be sent\n`);
    }
    for (const { body } of receiver.compose(alert, 1)) {
      await write(runtime.stdout, `${JSON.stringify(body, null, 2)}\n`);
    }
  }
  return EXIT_CODES.ALL_WELL;
}

/** The configured receivers of the type; one with defaults where none of it is configured. */
function chosen(
  configured: readonly ReceiverOptions[],
  type: ReceiverType | undefined,
): readonly ReceiverOptions[] {
  if (type === undefined) {
    if (configured.length > 0) return configured;
    throw new ConfigError([`${NO_RECEIVER} Or name a type with --type.`]);
  }
  const ofType = configured.filter((options) => options.type === type);
  return ofType.length > 0 ? ofType : [{ type, url: "https://receiver.example" }];
}

/** The same with messages in a language; one of programs has none. */
function inLanguage(
  receivers: readonly ReceiverOptions[],
  language: Language | undefined,
): readonly ReceiverOptions[] {
  if (language === undefined) return receivers;
  const hasLanguage = ({ type }: ReceiverOptions): boolean =>
    descriptorOf(type).language !== undefined;
  if (!receivers.some(hasLanguage)) {
    const types = [...new Set(receivers.map(({ type }) => type))].join(", ");
    throw new ConfigError([
      `--language: messages of the type ${types} are the same in every language`,
    ]);
  }
  return receivers.map((options) => (hasLanguage(options) ? { ...options, language } : options));
}
