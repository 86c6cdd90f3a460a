import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import { type LoopbackServer, startLoopbackServer } from "../harness/loopback-server.ts";
import { verifyAcs3Signature } from "./acs3-signature.ts";
import { assumeRole, assumeRoleWithOidc } from "./actions/assume-role.ts";
import { createFlowLog, CREATED_PREFIX } from "./actions/create-flow-log.ts";
import { describeFlowLogs } from "./actions/describe-flow-logs.ts";
import { describeNetworkInterfaces } from "./actions/describe-network-interfaces.ts";
import { describeRegions } from "./actions/describe-regions.ts";
import { describeVpcs } from "./actions/describe-vpcs.ts";
import { getCallerIdentity } from "./actions/get-caller-identity.ts";
import { getFlowLogServiceStatus } from "./actions/get-flow-log-service-status.ts";
import { openFlowLogService } from "./actions/open-flow-log-service.ts";
import { type ActionAnswer, errorAnswer } from "./answer.ts";
import { type Fault, injectFault, refuses, type Reply } from "./faults.ts";
import {
  answerLogRequest,
  asLogAnswer,
  logComplaintAbout,
  type LogRequest,
  readLogRequest,
} from "./log-service.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import {
  type Action,
  type ActionCall,
  DEFAULT_WORLD,
  type KeySeed,
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
  OpenFlowLogService: openFlowLogService,
};

/** How far a request's clock may be off, as the service allows it. */
const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/** Alibaba Cloud on loopback. */
export interface Emulator extends Omit<LoopbackServer, "origin"> {
  /** For example `http://127.0.0.1:34567`; serves VPC, STS, ECS and the log service. */
  readonly endpoint: string;
  readonly world: World;
  /** In the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** By action: the most calls of it that were under way at once. */
  readonly mostUnderWay: ReadonlyMap<string, number>;
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
  const change = (regionId: string, changes: Partial<RegionSeed>): void => {
    const region = regions[regionId];
    if (region !== undefined) regions[regionId] = { ...region, ...changes };
  };
  const requests: RecordedRequest[] = [];
  const underWay = new Map<string, number>();
  const mostUnderWay = new Map<string, number>();
  const nonces = new Set<string>();
  const faultsLeft = new Map<string, number>();
  const issued: { readonly key: KeySeed; readonly expiresAtMs: number }[] = [];

  /** The configured keys, and issued ones that have not expired. */
  function validKeys(): readonly KeySeed[] {
    const live = issued.filter(({ expiresAtMs }) => expiresAtMs > Date.now());
    return [...world.keys, ...live.map(({ key }) => key)];
  }

  /** The service's error for a request that is not properly signed. */
  function complaintAbout(message: IncomingMessage, body: Buffer): ActionAnswer | null {
    const { method = "", url = "", headers } = message;
    const problem = verifyAcs3Signature({ method, url, headers, body }, validKeys());
    if (problem !== null) {
      // Like the service, repeats what was signed, security token included.
      const echo = JSON.stringify(headers);
      return errorAnswer(problem.startsWith("InvalidAccessKeyId") ? 404 : 400, problem, echo);
    }
    const skewMs = Math.abs(Date.now() - Date.parse(String(headers["x-acs-date"])));
    if (!(skewMs < MAX_CLOCK_SKEW_MS)) return errorAnswer(400, "InvalidTimeStamp.Expired", "");
    const nonce = String(headers["x-acs-signature-nonce"]);
    if (nonces.has(nonce)) return errorAnswer(400, "SignatureNonceUsed", "");
    nonces.add(nonce);
    return null;
  }

  function record(request: RecordedRequest): void {
    requests.push(request);
    world.onRequest?.(request);
  }

  /** Answers with a fault as often as it is seeded for the target, and then without. */
  async function answerOrFail(
    target: string,
    fault: Fault | undefined,
    { answerWith, ...reply }: Omit<Reply, "answer"> & { readonly answerWith: () => ActionAnswer },
    changes = false,
  ): Promise<void> {
    const left = faultsLeft.get(target) ?? fault?.times ?? Infinity;
    if (fault === undefined || left <= 0) return reply.send(answerWith());
    faultsLeft.set(target, left - 1);
    const hasEffect = !changes || !refuses(fault);
    const answer = hasEffect ? answerWith() : errorAnswer(400, "Refused", "");
    return injectFault(fault, { ...reply, answer });
  }

  /** A flow log that was created is seen once as `Activating`, and is active from then on. */
  function activateCreated(regionId: string): void {
    const flowLogs = regions[regionId]?.flowLogs?.map((flowLog) =>
      flowLog.flowLogId.startsWith(CREATED_PREFIX) ? { ...flowLog, status: "Active" } : flowLog,
    );
    if (flowLogs !== undefined) change(regionId, { flowLogs });
  }

  function countWhileUnderWay(name: string, response: ServerResponse): void {
    const count = (underWay.get(name) ?? 0) + 1;
    underWay.set(name, count);
    mostUnderWay.set(name, Math.max(count, mostUnderWay.get(name) ?? 0));
    response.once("close", () => underWay.set(name, (underWay.get(name) ?? 1) - 1));
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const logRequest = readLogRequest(message);
    if (logRequest !== null) return handleLogRequest(logRequest, message, response);
    const { headers, url = "/" } = message;
    const { pathname: path, searchParams: query } = new URL(url, "http://127.0.0.1");
    const name = String(headers["x-acs-action"]);
    const body = await buffer(message);
    const form = new URLSearchParams(body.toString("utf8"));
    const accessKeyId = / Credential=([^,]+),/.exec(headers.authorization ?? "")?.[1] ?? null;
    record({
      action: name,
      regionId: query.get("RegionId"),
      clientToken: query.get("ClientToken"),
      userAgent: String(headers["user-agent"]),
      accessKeyId,
      host: String(headers.host),
      path,
      query: Object.fromEntries(query),
      form: Object.fromEntries(form),
    });
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

    countWhileUnderWay(name, response);
    const call: ActionCall = {
      world,
      query,
      form,
      key: validKeys().find((key) => key.accessKeyId === accessKeyId),
      issue: (key, expiresAtMs) => issued.push({ key, expiresAtMs }),
      change,
    };
    const regionId = query.get("RegionId") ?? "";
    const answerWith = (): ActionAnswer => {
      const answer = action.answer(call);
      if (name === "DescribeFlowLogs") activateCreated(regionId);
      return answer;
    };
    const fault =
      action.faultFor === undefined
        ? world.regions[regionId]?.faults?.[name]
        : action.faultFor(call);
    const reply = { response, send, answerWith };
    return answerOrFail(`${name} ${regionId}`, fault, reply, action.changes);
  }

  async function handleLogRequest(
    request: LogRequest,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { headers, url = "/" } = message;
    const { action, regionId } = request;
    record({
      action,
      regionId,
      clientToken: null,
      userAgent: String(headers["user-agent"]),
      accessKeyId: /^LOG ([^:]+):/.exec(headers.authorization ?? "")?.[1] ?? null,
      host: String(headers.host),
      path: url,
      query: {},
      form: {},
    });
    const send = (given: ActionAnswer, extraHeaders: OutgoingHttpHeaders = {}): void => {
      const { answer, headers: own } = asLogAnswer(given);
      response
        .writeHead(answer.status, { "content-type": "application/json", ...own, ...extraHeaders })
        .end(JSON.stringify(answer.body));
    };
    const complaint = logComplaintAbout(message, validKeys());
    if (complaint !== null) return send(complaint);
    const answerWith = (): ActionAnswer => answerLogRequest(request, world);
    const fault = world.regions[regionId]?.faults?.[action];
    return answerOrFail(`${action} ${regionId}`, fault, { response, send, answerWith });
  }

  const { origin, ...server } = await startLoopbackServer(handle, port);
  return { ...server, endpoint: origin, world, requests, mostUnderWay };
}
