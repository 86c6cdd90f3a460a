import { newRunId } from "../../../../../shared/run/run-id.ts";
import { credentialsFinder } from "../../../local/local-audit.ts";
import type { Check } from "../check.ts";
import { describeChoice } from "../describe-choice.ts";
import { ok, type Outcome, problem, warning } from "../outcome.ts";

/** Milliseconds: the command of a profile may ask the user to log in. */
const TIMEOUT_MS = 60_000;
/** A log-in that ends within so many milliseconds is worth a warning. */
const SOON_MS = 15 * 60_000;

/** The credentials: which ones are chosen, and whether they can be obtained. */
export const credentials: Check = {
  id: "credentials",
  title: "Credentials",
  needs: ["configuration"],
  timeoutMs: TIMEOUT_MS,
  run: async ({ flags, config, runtime, transport, learnt }) => {
    const finder = await credentialsFinder(flags, config, runtime);
    const keys = await finder.find(newRunId(), transport);
    learnt.credentials = keys;
    const { source, isRenewed, expiresAtMs } = await describeChoice(flags.profile, runtime.env);
    const key = `key ${maskKeyId(keys.accessKeyId)}`;
    const temporary = keys.securityToken !== undefined;
    if (!temporary) return ok(`From ${source}: ${key}, which does not expire.`);
    if (isRenewed) return ok(`From ${source}: ${key}, temporary, renewed by each run.`);
    return judgeExpiry(`From ${source}: ${key}`, expiresAtMs, runtime.clock().getTime());
  },
};

/** Credentials that nobody renews. */
export function judgeExpiry(from: string, expiresAtMs: number | null, nowMs: number): Outcome {
  const fix = "Log in again, or use a profile that renews its keys: see docs/credentials.md.";
  if (expiresAtMs === null) {
    return ok(`${from}, temporary. When it expires it does not say, and no run renews it.`);
  }
  const at = new Date(expiresAtMs).toISOString().replace(/\.\d{3}Z$/, "Z");
  if (expiresAtMs <= nowMs) return problem("EXPIRED", `${from}, which expired at ${at}.`, { fix });
  return expiresAtMs - nowMs < SOON_MS
    ? warning("EXPIRES_SOON", `${from}, which expires at ${at}, and no run renews it.`, { fix })
    : ok(`${from}, which expires at ${at}, and no run renews it.`);
}

/** The last four characters: enough to recognise a key in the console. */
export function maskKeyId(id: string): string {
  return id.length >= 12 ? `***${id.slice(-4)}` : "***";
}
