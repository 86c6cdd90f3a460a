import type { AccountSelector } from "../audit/account-selector.ts";
import type { Exemption } from "../audit/exemption.ts";
import type { RegionSelector } from "../audit/scope.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { problemOfAddress } from "../notify/receiver-address.ts";
import type { ReceiverOptions } from "../notify/receivers.ts";
import { DEFAULT_RULE_IDS, RULE_IDS, type RuleId } from "../rules/rule-ids.ts";
import {
  describeStorageAddress,
  parseEvidenceAddress,
  parseStorageAddress,
  type StorageAddress,
} from "../storage/storage-address.ts";
import { accountSelectorList, folders } from "./account-selectors.ts";
import {
  accountEntries,
  accountSelectors,
  type AccountsOption,
  DEFAULT_CONCURRENCY,
  DEFAULT_CONCURRENCY_OF_MANY,
  describeAccounts,
  MAX_PARTS,
  externalId,
  functionName,
  roleName,
} from "./accounts.ts";
import { DEFAULT_DEADLINE_MS, defaultAttemptTimeoutMs } from "./default-times.ts";
import { describeReceiver, MASK, maskAddress } from "./describe-receiver.ts";
import { formatDuration } from "./duration.ts";
import { endpoint, formatEndpoint, formatRegionEndpoints, vpcEndpoints } from "./endpoints.ts";
import { exemptions } from "./exemptions.ts";
import {
  durationBetween,
  textParsedBy,
  textWithout,
  trueOrFalse,
  wholeNumberUpTo,
} from "./fields.ts";
import { type DescribedBeside, option, type OptionTable, type Variable } from "./option.ts";
import { receivers } from "./receivers.ts";
import { regions } from "./regions.ts";
import { describeSettings, type GivenRuleSettings, ruleSettings } from "./rule-settings.ts";
import { rules } from "./rules.ts";

/** At most as long as a function may run. */
const runTime = durationBetween("1ms", "24h");
/** Long enough that a run lies between, and at most a year. */
const interval = durationBetween("1m", "365d");

const WEBHOOK_URL = "FLOWLOG_GUARD_WEBHOOK_URL";

/**
 * The options of the configuration, one row each: what a source may set, the default, the variable,
 * the flag, and how `config` prints the value. The schema of the file, the types, the layers, the
 * environment, the flags and the description come from here; the order is that of messages.
 */
export const OPTIONS = {
  regions: option<readonly RegionSelector[]>({
    schema: regions,
    fallback: ["all"],
    describe: asItIs,
    variables: [{ name: "FLOWLOG_GUARD_REGIONS" }],
    flag: {
      argument: "<list>",
      help: "regions to audit, such as a,b,'ap-*','!cn-wuhan'",
      isRepeatable: true,
    },
    isScope: true,
  }),
  /** What is audited: the account of the credentials where neither this nor `organization` says more. */
  accounts: option<AccountsOption>({
    schema: accountEntries,
    requestSchema: accountSelectors,
    fallback: { entries: null, selectors: null },
    fallbackText: "all that are configured, else the account of the credentials",
    describe: describeAccounts,
    flag: {
      argument: "<list>",
      help: "accounts to audit: ids, names, patterns, such as 'prod-*','!1234567890123456'",
      isRepeatable: true,
    },
    isScope: true,
  }),
  /** The members of the resource directory. */
  organization: {
    /** The role that is assumed in each member; null where no members are audited. */
    roleName: option<string | null>({
      schema: roleName,
      fallback: null,
      describe: ifGiven,
      variables: [{ name: "FLOWLOG_GUARD_ORGANIZATION_ROLE" }],
    }),
    /** What the trust policy of roles asks for, also of those in `accounts` that have none of their own. */
    externalId: option<string | null>({
      schema: externalId,
      fallback: null,
      describe: (secret) => (secret === null ? undefined : MASK),
      variables: [{ name: "FLOWLOG_GUARD_EXTERNAL_ID" }],
    }),
    /** Selectors of members. */
    accounts: option<readonly AccountSelector[]>({
      schema: accountSelectorList,
      fallback: ["*"],
      describe: ofMembers,
    }),
    /** Ids of folders whose members are audited, or with a leading `!` are not; empty for all. */
    folders: option<readonly string[]>({
      schema: folders,
      fallback: [],
      describe: ofMembers,
    }),
  },
  /** How the check function divides many accounts among invocations of the audit function. */
  fanOut: {
    /** How many parts, from 1 to {@link MAX_PARTS}; null where the number of accounts decides. */
    parts: option<number | null>({
      schema: wholeNumberUpTo(MAX_PARTS),
      fallback: null,
      describe: ifGiven,
    }),
    /** The audit function; null for that of the same deployment. */
    function: option<string | null>({
      schema: functionName,
      fallback: null,
      describe: ifGiven,
    }),
  },
  /** Ids of rules, each once, in the order of `RULE_IDS`. */
  rules: option<readonly RuleId[]>({
    schema: rules,
    fallback: DEFAULT_RULE_IDS,
    describe: asItIs,
    variables: [{ name: "FLOWLOG_GUARD_RULES" }],
    flag: {
      argument: "<list>",
      help: `rules to evaluate: all, or some of ${RULE_IDS.join(", ")}`,
      isRepeatable: true,
    },
    isScope: true,
  }),
  /** The parameters of rules that are given; the others have defaults. */
  settings: option<GivenRuleSettings>({
    schema: ruleSettings,
    fallback: {},
    describe: describeSettings,
  }),
  /** Regions asked at once, in all accounts together, from 1 to 1000. */
  concurrency: option<number>({
    schema: wholeNumberUpTo(1_000),
    fallback: DEFAULT_CONCURRENCY,
    fallbackText: `${DEFAULT_CONCURRENCY}, or ${DEFAULT_CONCURRENCY_OF_MANY} for more than one account`,
    describe: asItIs,
    variables: [{ name: "FLOWLOG_GUARD_CONCURRENCY" }],
    flag: { argument: "<n>", help: "regions read at once" },
  }),
  /** Milliseconds for one region: all attempts and the waits between them. */
  timeoutMs: option<number>({
    schema: runTime,
    fallback: 10_000,
    describe: formatDuration,
    variables: [{ name: "FLOWLOG_GUARD_TIMEOUT" }],
    flag: { argument: "<duration>", help: "time limit of one region, retries included" },
  }),
  /** Milliseconds for one attempt, at most `timeoutMs`; null for a share of it. */
  attemptTimeoutMs: option<number | null>({
    schema: runTime,
    fallback: null,
    fallbackText: "a third of --timeout",
    describe: (limitMs, { timeoutMs }) =>
      formatDuration(limitMs ?? defaultAttemptTimeoutMs(timeoutMs)),
    variables: [{ name: "FLOWLOG_GUARD_ATTEMPT_TIMEOUT" }],
    flag: {
      argument: "<duration>",
      help: "time limit of one attempt in a region, before the next attempt",
    },
  }),
  /** Milliseconds for the audit of the whole scope; null for what the entry point has. */
  deadlineMs: option<number | null>({
    schema: runTime,
    fallback: null,
    describe: (deadlineMs) => formatDuration(deadlineMs ?? DEFAULT_DEADLINE_MS),
    variables: [{ name: "FLOWLOG_GUARD_DEADLINE" }],
    flag: { argument: "<duration>", help: "time limit of the whole audit" },
  }),
  exemptions: option<readonly Exemption[]>({
    schema: exemptions,
    fallback: [],
    describe: (all) => all.map(({ warnsFrom: _warnsFrom, ...configured }) => configured),
  }),
  alerts: {
    /** Milliseconds from one reminder to the next. */
    repeatAfterMs: option<number>({
      schema: interval,
      fallback: 86_400_000,
      describe: formatDuration,
      isForAlerts: true,
    }),
    /** Runs in a row that cannot read a region before the alert; from 1 to 1000. */
    unreadableAfter: option<number>({
      schema: wholeNumberUpTo(1_000),
      fallback: 2,
      describe: asItIs,
      isForAlerts: true,
      formerKey: "blindAfter",
    }),
    /** Milliseconds from one summary to the next; null for none. */
    summaryEveryMs: option<number | null>({
      schema: interval,
      fallback: null,
      describe: (everyMs) => (everyMs === null ? undefined : formatDuration(everyMs)),
      isForAlerts: true,
    }),
    receivers: option<readonly ReceiverOptions[]>({
      schema: receivers,
      fallback: [],
      describe: (all) => all.map(describeReceiver),
      variables: [
        { name: WEBHOOK_URL, part: [0, "url"] },
        {
          name: "FLOWLOG_GUARD_WEBHOOK_SECRET",
          part: [0, "secret"],
          needs: { name: WEBHOOK_URL, because: "signs what goes to" },
        },
      ],
      isForAlerts: true,
    }),
  },
  /** Where notifications are remembered. */
  state: option<StorageAddress>({
    schema: textParsedBy(parseStorageAddress),
    fallback: { kind: "none" },
    describe: describeStorageAddress,
    variables: [{ name: "FLOWLOG_GUARD_STATE" }],
    isForAlerts: true,
  }),
  /** Where the report of every run is kept, chained to the one before. */
  evidence: option<StorageAddress>({
    schema: textParsedBy(parseEvidenceAddress),
    fallback: { kind: "none" },
    describe: describeStorageAddress,
    variables: [{ name: "FLOWLOG_GUARD_EVIDENCE" }],
    isForAlerts: true,
  }),
  /** Whether `history` asks ActionTrail who changed flow logs. */
  actiontrail: option<boolean>({
    schema: trueOrFalse,
    fallback: false,
    describe: asItIs,
    isForAlerts: true,
  }),
  /** The address that every run pings. A secret, since it is all that a ping needs. */
  heartbeat: option<string | null>({
    schema: textWithout(problemOfAddress),
    fallback: null,
    describe: (address) => (address === null ? null : maskAddress(address)),
    variables: [{ name: "FLOWLOG_GUARD_HEARTBEAT_URL" }],
    isForAlerts: true,
  }),
  endpoints: {
    /** By region id; `"*"` for every region that is not named. */
    vpc: option<Readonly<Record<string, Endpoint>>>({
      schema: vpcEndpoints,
      fallback: {},
      describe: formatRegionEndpoints,
      variables: [{ name: "FLOWLOG_GUARD_VPC_ENDPOINT" }],
    }),
    sts: serviceEndpoint({ name: "FLOWLOG_GUARD_STS_ENDPOINT" }),
    /** Of Function Compute, where the deployed audit function is invoked. */
    fc: serviceEndpoint({ name: "FLOWLOG_GUARD_FC_ENDPOINT" }),
    /** Of the Object Storage Service, where the state and the evidence may be. */
    oss: serviceEndpoint({ name: "FLOWLOG_GUARD_OSS_ENDPOINT" }),
    /** Of Elastic Compute Service, where network interfaces are listed. */
    ecs: serviceEndpoint({ name: "FLOWLOG_GUARD_ECS_ENDPOINT" }),
    /** Of the log service, where log stores are read. */
    sls: serviceEndpoint({ name: "FLOWLOG_GUARD_SLS_ENDPOINT" }),
    /** Of the resource directory, where the members of an organization are listed. */
    resourceDirectory: serviceEndpoint({ name: "FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT" }),
    /** Of Cloud Config, which is told what its rule found. */
    cloudConfig: serviceEndpoint({ name: "FLOWLOG_GUARD_CLOUD_CONFIG_ENDPOINT" }),
    /** Of ActionTrail, which records who changed flow logs. */
    actionTrail: serviceEndpoint({ name: "FLOWLOG_GUARD_ACTIONTRAIL_ENDPOINT" }),
  },
} as const satisfies OptionTable;

/** The endpoint of a service; null for its public address. */
function serviceEndpoint(variable: Variable) {
  return option<Endpoint | null>({
    schema: endpoint,
    fallback: null,
    describe: (value) => (value === null ? null : formatEndpoint(value)),
    variables: [variable],
  });
}

function ifGiven(value: string | number | null): unknown {
  return value ?? undefined;
}

/** What selects members says nothing where no members are audited. */
function ofMembers(selectors: readonly string[], { organization }: DescribedBeside): unknown {
  return organization.roleName === null ? undefined : selectors;
}

function asItIs(value: unknown): unknown {
  return value;
}
