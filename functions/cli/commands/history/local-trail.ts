import { CallError } from "../../../../shared/audit/call-error.ts";
import { CredentialsError } from "../../../../shared/audit/run-error.ts";
import type { Config } from "../../../../shared/config/config.ts";
import type { History } from "../../../../shared/history/history.ts";
import { addTrail, withoutAnswer } from "../../../../shared/history/trail/add-trail.ts";
import type { Transport } from "../../../../shared/http/transport.ts";
import { USER_AGENT } from "../../../../shared/program/tool.ts";
import { startTimeBudget, type TimeBudget } from "../../../../shared/retry/time-budget.ts";
import { askCallerIdentity } from "../../../../shared/run/identify-caller.ts";
import { CLOUD_RETRY_POLICY } from "../../../../shared/run/run-audit.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import type { CliRuntime } from "../../cli-runtime.ts";
import { HOME_REGION_ID } from "../../local/local-audit.ts";

/** Milliseconds for all regions: two calls a second for a hundred of them, and as many pages again. */
const TRAIL_TIMEOUT_MS = 15 * 60_000;

/**
 * Adds to a history who changed flow logs. That ActionTrail cannot be asked is part of the result: the
 * kept reports say what they say.
 *
 * @param find - finds the credentials
 * @param onQuery - see `AskTrailOptions`
 */
export async function addLocalTrail(
  history: History,
  { endpoints }: Config,
  { clock }: CliRuntime,
  transport: Transport,
  find: () => Promise<Credentials>,
  onQuery: (done: number, all: number) => void,
): Promise<History> {
  const deadline = startTimeBudget(TRAIL_TIMEOUT_MS, "DEADLINE_EXCEEDED");
  try {
    const credentials = await find();
    const { AlibabaTrail } = await import("../../../../shared/alibaba/action-trail.ts");
    const trail = new AlibabaTrail({ credentials, endpoints, userAgent: USER_AGENT, transport });
    const accountId = await accountOf(credentials, endpoints, transport, deadline);
    return await addTrail(history, { trail, accountId, now: clock(), deadline, onQuery });
  } catch (error) {
    if (!(error instanceof CallError) && !(error instanceof CredentialsError)) throw error;
    return { ...history, trail: withoutAnswer(history, error.message) };
  } finally {
    deadline.release();
  }
}

/** @throws {@link CallError} when STS does not say whose credentials these are */
async function accountOf(
  credentials: Credentials,
  endpoints: Config["endpoints"],
  transport: Transport,
  deadline: TimeBudget,
): Promise<string> {
  const { AlibabaCloud } = await import("../../../../shared/alibaba/alibaba-cloud.ts");
  const cloud = new AlibabaCloud({
    credentials,
    endpoints,
    homeRegionId: HOME_REGION_ID,
    runId: newRunId(),
    acceptLanguage: "en-US",
    userAgent: USER_AGENT,
    transport,
  });
  const caller = await askCallerIdentity(cloud, [HOME_REGION_ID], CLOUD_RETRY_POLICY, deadline);
  return caller.accountId;
}
