import { ConfigError, EvidenceError } from "../../../../shared/audit/run-error.ts";
import type { Verification } from "../../../../shared/evidence/verification.ts";
import { verifyChain } from "../../../../shared/evidence/verify-chain.ts";
import { createTransport } from "../../../../shared/http/transport.ts";
import { startTimeBudget } from "../../../../shared/retry/time-budget.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import { escapeInvisible } from "../../../../shared/text/escape-invisible.ts";
import { type CliRuntime, showsColors, write, writeNotes } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom } from "../../flags/config-options.ts";
import { openLocalArchive } from "../../local/local-archive.ts";
import { type CredentialsFlags, credentialsFinder } from "../../local/local-audit.ts";
import { startCountProgress } from "../../terminal/count-progress.ts";
import { describeVerification } from "./describe-verification.ts";
import { verificationJson } from "./verification-json.ts";
import type { VerifyFormat } from "./verify-formats.ts";

export interface VerifyFlags extends ConfigFlags, CredentialsFlags {
  readonly format: VerifyFormat;
  readonly head?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Far longer than reading takes: each call has a limit of its own. */
const TIME_LIMIT_MS = 86_400_000;

/**
 * Checks that the kept evidence is whole, and prints what it found. It needs neither the state nor the right
 * to write.
 *
 * @throws {@link ConfigError} when no evidence is configured, or a flag is wrong
 * @throws `CredentialsError` when it is in OSS, and the chosen credentials cannot be used
 * @throws {@link EvidenceError} when it cannot be read, or nothing is kept
 */
export async function runVerifyCommand(flags: VerifyFlags, runtime: CliRuntime): Promise<ExitCode> {
  const heldSha256 = readHead(flags.head);
  const config = configFrom(flags, runtime.env);
  using transport = createTransport(config.proxy);
  const archive = await openLocalArchive(config, runtime, transport, async () => {
    const finder = await credentialsFinder(flags, config, runtime);
    return finder.find(newRunId(), transport);
  });
  const progress = await startCountProgress(runtime, flags.quiet !== true, "reports checked");
  const limit = startTimeBudget(TIME_LIMIT_MS, "TIMEOUT");
  let outcome: Verification;
  try {
    outcome = await verifyChain(archive, { heldSha256, onProgress: progress.show }, limit);
  } finally {
    limit.release();
    progress.stop();
  }
  assertKept(outcome);
  const text =
    flags.format === "json"
      ? escapeInvisible(verificationJson(outcome, runtime.clock().toISOString()))
      : describeVerification(outcome, {
          color: showsColors(runtime.stdout, runtime.env),
          verbose: flags.verbose === true,
          isFolder: config.evidence.kind === "file",
        });
  await write(runtime.stdout, text);
  if (outcome.unread !== null) await writeNotes(runtime, [outcome.unread]);
  return exitCodeOf(outcome);
}

/** @throws {@link ConfigError} when it is no digest */
function readHead(head: string | undefined): string | null {
  if (head === undefined) return null;
  if (/^[0-9a-f]{64}$/i.test(head)) return head.toLowerCase();
  throw new ConfigError([
    "--head: is not the SHA-256 of a manifest, which has 64 digits from 0 to f, as in the heartbeat and the webhook's alert",
  ]);
}

/** Nothing at all is not whole; but where a second party holds a digest, it is known to be broken. */
function assertKept({ evidence, breaks, runs, notes }: Verification): void {
  if (runs > 0 || breaks.length > 0) return;
  const left = notes.length === 0 ? "Nothing" : "No manifest of a run";
  throw new EvidenceError(
    `${left} is kept at ${evidence}. Check the address, and whether runs keep evidence there; or all of it was removed.`,
  );
}

function exitCodeOf({ breaks, unread }: Verification): ExitCode {
  if (breaks.length > 0) return EXIT_CODES.NON_COMPLIANT;
  return unread === null ? EXIT_CODES.ALL_WELL : EXIT_CODES.COULD_NOT_RUN;
}
