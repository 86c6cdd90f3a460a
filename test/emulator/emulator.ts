import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import { type LoopbackServer, startLoopbackServer } from "../harness/loopback-server.ts";
import { Accounts, type AccountState } from "./accounts.ts";
import { verifyAcs3Signature } from "./acs3-signature.ts";
import { assumeRole, assumeRoleWithOidc } from "./actions/assume-role.ts";
import { createFlowLog, CREATED_PREFIX } from "./actions/create-flow-log.ts";
import { describeFlowLogs } from "./actions/describe-flow-logs.ts";
import { describeNetworkInterfaces } from "./actions/describe-network-interfaces.ts";
import { describeRegions } from "./actions/describe-regions.ts";
import { describeVpcs } from "./actions/describe-vpcs.ts";
import { getCallerIdentity } from "./actions/get-caller-identity.ts";
import { getFlowLogServiceStatus } from "./actions/get-flow-log-service-status.ts";
import { getResourceDirectory } from "./actions/get-resource-directory.ts";
import { listAccounts } from "./actions/list-accounts.ts";
import { lookUpEvents } from "./actions/lookup-events.ts";
import { openFlowLogService } from "./actions/open-flow-log-service.ts";
import { putEvaluations } from "./actions/put-evaluations.ts";
import { type ActionAnswer, errorAnswer } from "./answer.ts";
import { ComplianceResults } from "./compliance-results.ts";
import { type Fault, injectFault, refuses, type Reply } from "./faults.ts";
import { Keyring } from "./keyring.ts";
import {
  answerLogRequest,
  asLogAnswer,
  logComplaintAbout,
  type LogRequest,
  readLogRequest,
} from "./log-service.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import { Traffic, type TrafficCounts } from "./traffic.ts";
import {
  type Action,
  type ActionCall,
  DEFAULT_WORLD,
  type RegionSeed,
  type World,
} from "./world.ts";

const ACTIONS: Readonly<Record<string, Action>> = {
  AssumeRole: assumeRole,
  AssumeRoleWithOIDC: assumeRoleWithOidc,
  CreateFlowLog: createFlowLog,
  DescribeFlowLogs: describeFlowLogs,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DescribeRegions: describeRegions,
  DescribeVpcs: describeVpcs,
  GetCallerIdentity: getCallerIdentity,
  GetFlowLogServiceStatus: getFlowLogServiceStatus,
  GetResourceDirectory: getResourceDirectory,
  ListAccounts: listAccounts,
  LookupEvents: lookUpEvents,
  OpenFlowLogService: openFlowLogService,
  PutEvaluations: putEvaluations,
};

/** The versions of the APIs whose calls an account's token bucket counts: VPC and ECS. */
const THROTTLED_VERSIONS: ReadonlySet<string> = new Set(["2016-04-28", "2014-05-26"]);
const FLOW_CONTROL = errorAnswer(
  400,
  "Throttling.User",
  "Request was denied due to user flow control.",
);

/** How far a request's clock may be off, as the service allows it. */
const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/** Alibaba Cloud on loopback. */
export interface Emulator extends Omit<LoopbackServer, "origin"> {
  /** For example `http://127.0.0.1:34567`; serves VPC, STS, ECS, the resource directory, Cloud Config and the log service. */
  readonly endpoint: string;
  readonly world: World;
  /** In the order of arrival; empty where requests are not recorded. */
  readonly requests: readonly RecordedRequest[];
  readonly counts: TrafficCounts;
  /** What Cloud Config keeps of its rule. */
  readonly compliance: ComplianceResults;
  /** By action: the most calls of it that were under way at once. */
  readonly mostUnderWay: ReadonlyMap<string, number>;
  /** When AssumeRole was called, in milliseconds since the epoch; see `mostWithin`. */
  readonly assumeRoleTimesMs: readonly number[];
}

/**
 * Starts the emulated cloud on a loopback port, by default one that the system chooses. It
 * verifies each request's signature, security token, time and nonce before it answers or injects a
 * fault.
 */
export async function startEmulator(
  seed: Pick<World, "regions"> & Partial<World>,
  port = 0,
): Promise<Emulator> {
  // A copy, since actions change it.
  const regions: Record<string, RegionSeed> = { ...seed.regions };
  const world: World = { ...DEFAULT_WORLD, ...seed, regions };
  const accounts = new Accounts(world, regions);
  const keyring = new Keyring(world.keys);
  const traffic = new Traffic();
  const requests: RecordedRequest[] = [];
  const assumeRoleTimesMs: number[] = [];
  const compliance = new ComplianceResults();
  const nonces = new Set<string>();
  const faultsLeft = new Map<string, number>();

  /** The service's error for a request that is not properly signed. */
  function complaintAbout(message: IncomingMessage, body: Buffer): ActionAnswer | null {
    const { method = "", url = "", headers } = message;
    const findKey = (accessKeyId: string) => keyring.find(accessKeyId);
    const problem = verifyAcs3Signature({ method, url, headers, body }, findKey);
    if (problem !== null) {
      // Like the service, repeats what was signed, security token included.
      const echo = JSON.stringify(headers);
      return errorAnswer(problem.startsWith("InvalidAccessKeyId") ? 404 : 400, problem, echo);
    }
    if (keyring.isExpired(signerOf(message) ?? "")) {
      return errorAnswer(400, "InvalidSecurityToken.Expired", "The security token is expired.");
    }
    const skewMs = Math.abs(Date.now() - Date.parse(String(headers["x-acs-date"])));
    if (!(skewMs < MAX_CLOCK_SKEW_MS)) return errorAnswer(400, "InvalidTimeStamp.Expired", "");
    const nonce = String(headers["x-acs-signature-nonce"]);
    if (nonces.has(nonce)) return errorAnswer(400, "SignatureNonceUsed", "");
    nonces.add(nonce);
    return null;
  }

  function record(action: string, request: () => RecordedRequest): void {
    traffic.arrived(action);
    if (action === "AssumeRole") assumeRoleTimesMs.push(Date.now());
    const { recordRequests = true, onRequest } = world;
    if (!recordRequests && onRequest === undefined) return;
    const recorded = request();
    if (recordRequests) requests.push(recorded);
    onRequest?.(recorded);
  }

  /** Answers with a fault as often as it is seeded for the target, and then without. */
  async function answerOrFail(
    target: string,
    fault: Fault | undefined,
    { answerWith, ...reply }: Omit<Reply, "answer"> & { readonly answerWith: () => ActionAnswer },
    changes = false,
  ): Promise<void> {
    const left = fault?.times === undefined ? Infinity : (faultsLeft.get(target) ?? fault.times);
    if (fault === undefined || left <= 0) return reply.send(answerWith());
    faultsLeft.set(target, left - 1);
    const hasEffect = !changes || !refuses(fault);
    const answer = hasEffect ? answerWith() : errorAnswer(400, "Refused", "");
    return injectFault(fault, { ...reply, answer });
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const logRequest = readLogRequest(message);
    if (logRequest !== null) return handleLogRequest(logRequest, message, response);
    const { headers, url = "/" } = message;
    const { pathname: path, searchParams: query } = new URL(url, "http://127.0.0.1");
    const name = String(headers["x-acs-action"]);
    // Most calls have no body, and thousands of them are to cost little.
    const body = headers["content-length"] === "0" ? Buffer.alloc(0) : await buffer(message);
    const form = new URLSearchParams(body.toString("utf8"));
    const accessKeyId = signerOf(message);
    record(name, () => ({
      action: name,
      regionId: query.get("RegionId"),
      clientToken: query.get("ClientToken"),
      userAgent: String(headers["user-agent"]),
      accessKeyId,
      host: String(headers.host),
      path,
      query: Object.fromEntries(query),
      form: Object.fromEntries(form),
    }));
    const send = (answer: ActionAnswer, extraHeaders: OutgoingHttpHeaders = {}): void => {
      const text = JSON.stringify({ RequestId: randomUUID().toUpperCase(), ...answer.body });
      response
        .writeHead(answer.status, { "content-type": "application/json", ...extraHeaders })
        .end(text);
    };
    const action = ACTIONS[name];
    if (action === undefined || action.version !== headers["x-acs-version"]) {
      return send(errorAnswer(404, "InvalidAction.NotFound", "No such action."));
    }
    const complaint = action.anonymous === true ? null : complaintAbout(message, body);
    if (complaint !== null) return send(complaint);

    const key = accessKeyId === null ? undefined : keyring.find(accessKeyId);
    const accountId = key?.accountId ?? world.accountId;
    const account = accounts.get(accountId);
    traffic.accepted(name, accountId, response);
    const isThrottled =
      (THROTTLED_VERSIONS.has(action.version) && account.isThrottled()) ||
      (name === "AssumeRole" && account.isRoleThrottled()) ||
      (name === "LookupEvents" && account.isLookUpThrottled());
    if (isThrottled) {
      traffic.throttled(accountId);
      return send(FLOW_CONTROL);
    }
    const issue: ActionCall["issue"] = (issued, expiresAtMs) => keyring.issue(issued, expiresAtMs);
    const { change } = account;
    const { regions: ofAccount } = account;
    const call = {
      world,
      query,
      form,
      key,
      accountId,
      regions: ofAccount,
      issue,
      change,
      compliance,
    };
    const regionId = query.get("RegionId") ?? "";
    const answerWith = (): ActionAnswer => {
      const answer = action.answer(call);
      if (name === "DescribeFlowLogs") activateCreated(account, regionId);
      return answer;
    };
    const fault =
      world.faultOf?.({ action: name, accountId, regionId }) ??
      world.accounts?.[accountId]?.faults?.[name] ??
      (action.faultFor === undefined
        ? account.regions[regionId]?.faults?.[name]
        : action.faultFor(call));
    const reply = { response, send, answerWith };
    return answerOrFail(`${accountId} ${name} ${regionId}`, fault, reply, action.changes);
  }

  async function handleLogRequest(
    request: LogRequest,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { headers, url = "/" } = message;
    const { action, regionId } = request;
    const accessKeyId = /^LOG ([^:]+):/.exec(headers.authorization ?? "")?.[1] ?? null;
    record(action, () => ({
      action,
      regionId,
      clientToken: null,
      userAgent: String(headers["user-agent"]),
      accessKeyId,
      host: String(headers.host),
      path: url,
      query: {},
      form: {},
    }));
    const send = (given: ActionAnswer, extraHeaders: OutgoingHttpHeaders = {}): void => {
      const { answer, headers: own } = asLogAnswer(given);
      response
        .writeHead(answer.status, { "content-type": "application/json", ...own, ...extraHeaders })
        .end(JSON.stringify(answer.body));
    };
    const key = keyring.find(accessKeyId ?? "");
    const complaint = logComplaintAbout(message, key, keyring.isExpired(accessKeyId ?? ""));
    if (complaint !== null) return send(complaint);
    const accountId = key?.accountId ?? world.accountId;
    const account = accounts.get(accountId);
    traffic.accepted(action, accountId, response);
    const answerWith = (): ActionAnswer => answerLogRequest(request, account.regions);
    const fault =
      world.faultOf?.({ action, accountId, regionId }) ??
      world.accounts?.[accountId]?.faults?.[action] ??
      account.regions[regionId]?.faults?.[action];
    const reply = { response, send, answerWith };
    return answerOrFail(`${accountId} ${action} ${regionId}`, fault, reply);
  }

  const { origin, ...server } = await startLoopbackServer(handle, port);
  const { counts, mostUnderWay } = traffic;
  return {
    ...server,
    endpoint: origin,
    world,
    requests,
    counts,
    compliance,
    mostUnderWay,
    assumeRoleTimesMs,
  };
}

/** The id of the key that a request names. */
function signerOf({ headers }: IncomingMessage): string | null {
  return / Credential=([^,]+),/.exec(headers.authorization ?? "")?.[1] ?? null;
}

/** A flow log that was created is seen once as `Activating`, and is active from then on. */
function activateCreated({ regions, change }: AccountState, regionId: string): void {
  const flowLogs = regions[regionId]?.flowLogs?.map((flowLog) =>
    flowLog.flowLogId.startsWith(CREATED_PREFIX) ? { ...flowLog, status: "Active" } : flowLog,
  );
  if (flowLogs !== undefined) change(regionId, { flowLogs });
}
