/**
 * What each key of the configuration file is for, by its path, as editors show it. Words alone: the keys, the forms
 * and the defaults are those of the table of options. They are no part of its rows because the functions, which
 * load the table at every cold start, show no words to anybody.
 */
export const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  [
    "regions",
    'Regions to audit: ids, patterns such as "ap-*", or all. With "!" before an id or a pattern, it is left out.',
  ],
  ["accounts", "Accounts to audit, each with the role that is assumed in it."],
  ["accounts.id", "Id of the account, in quotes: a long number is rounded when it is read."],
  ["accounts.name", "Name of the account in reports, and in selectors of accounts."],
  ["accounts.roleName", "Role that is assumed in the account. Default: organization.roleName."],
  [
    "accounts.externalId",
    "External id that the trust policy of the role asks for, as a ${NAME} of the environment.",
  ],
  ["accounts.regions", "Regions to audit in this account, in place of regions."],
  ["organization", "Audit of the members of the resource directory."],
  ["organization.roleName", "Role that is assumed in each member."],
  [
    "organization.externalId",
    "External id that the trust policies of the roles ask for, as a ${NAME} of the environment.",
  ],
  [
    "organization.accounts",
    'Members to audit: ids, names, or patterns such as "prod-*". With "!" before one, it is left out.',
  ],
  [
    "organization.folders",
    'Folders of the resource directory whose members are audited, by id. With "!" before an id, its members are left out. Default: all.',
  ],
  [
    "fanOut",
    "How the check function divides many accounts among invocations of the audit function.",
  ],
  ["fanOut.parts", "Number of parts. Default: the number of accounts decides."],
  ["fanOut.function", "Name of the audit function. Default: that of the same deployment."],
  ["rules", "Rules to evaluate, by id, or all."],
  ["settings", "Parameters of rules."],
  ["settings.vpc-flow-log-complete", "Parameters of the rule vpc-flow-log-complete."],
  [
    "settings.vpc-flow-log-complete.trafficType",
    "The least traffic that is to be recorded. Default: All.",
  ],
  ["settings.flow-log-retention", "Parameters of the rule flow-log-retention."],
  [
    "settings.flow-log-retention.minDays",
    "The least number of days for which logs are to be kept. Default: 180.",
  ],
  ["concurrency", "Regions that are read at once, in all accounts together."],
  ["timeout", "Time limit of one region, retries included."],
  ["attemptTimeout", "Time limit of one attempt in a region, before the next attempt."],
  ["deadline", "Time limit of the whole audit. In a function, less than its time-out."],
  ["exemptions", "What need not be compliant until a day, with who agreed to it and why."],
  ["exemptions.region", 'Id of a region, or a pattern such as "ap-*".'],
  ["exemptions.account", 'Id of an account, in quotes, or "*" for every account.'],
  ["exemptions.rule", 'Id of a rule, a pattern such as "vpc-*", or "*" for every rule.'],
  [
    "exemptions.resource",
    'Id of a resource, a pattern such as "vpc-*", or "*" for every resource.',
  ],
  ["exemptions.owner", "Who agreed to it."],
  ["exemptions.reason", "Why, such as the number of a ticket."],
  ["exemptions.expires", "Last day of the exemption, in UTC."],
  ["alerts", "Who is notified of findings, and when."],
  ["alerts.repeatAfter", "Time from one reminder to the next. Needs a state."],
  [
    "alerts.unreadableAfter",
    "Consecutive runs that cannot read a region before the alert. Needs a state.",
  ],
  [
    "alerts.summaryEvery",
    "Time from one summary to the next. Needs a state. Default: no summaries.",
  ],
  ["alerts.receivers", "Addresses that get alerts."],
  [
    "alerts.receivers.type",
    "Type of the receiver. Default: that of the vendor's host in url, else webhook.",
  ],
  [
    "alerts.receivers.url",
    "Address as the vendor issues it, as a ${NAME} of the environment: it is a secret.",
  ],
  [
    "alerts.receivers.name",
    "Name in logs, in the state and for --receiver. Default: the type and a hash of the address.",
  ],
  [
    "alerts.receivers.secret",
    "Signs the messages, as a ${NAME} of the environment. For webhook also a list, while a secret is replaced.",
  ],
  [
    "alerts.receivers.language",
    "Language of the messages. Default: zh for DingTalk, Feishu and WeCom, en for all others, including Lark.",
  ],
  [
    "alerts.receivers.keyword",
    "A word in the title of every message, for robots that drop messages without it.",
  ],
  ["alerts.receivers.mentions", "Who is mentioned where there is something to act on."],
  ["alerts.receivers.mentions.mobiles", "Numbers of mobiles, as text."],
  ["alerts.receivers.mentions.userIds", "Ids of users."],
  ["alerts.receivers.mentions.everyone", "Whether everyone in the group is mentioned."],
  [
    "alerts.receivers.validFor",
    "How long an Alertmanager keeps an alert that no run renews. Default: three times the longest time between two runs, or 4h where the schedule is not known.",
  ],
  ["alerts.receivers.headers", "Headers of every request, by name."],
  ["alerts.receivers.basicAuth", "User name and password of every request."],
  ["alerts.receivers.basicAuth.username", "User name."],
  ["alerts.receivers.basicAuth.password", "Password, as a ${NAME} of the environment."],
  [
    "alerts.receivers.bearerToken",
    'Bearer token of every request, without "Bearer", as a ${NAME} of the environment.',
  ],
  ["alerts.receivers.labels", "Labels that every alert at an Alertmanager carries, by name."],
  [
    "alerts.receivers.insecure",
    "Whether the address may be plain http, which anybody on the way can read and change.",
  ],
  [
    "alerts.receivers.only",
    "What the receiver is sent: what passes all of these lists. Default: everything.",
  ],
  [
    "alerts.receivers.only.accounts",
    'Accounts by id, name, or patterns such as "prod-*"; with "!", those left out.',
  ],
  [
    "alerts.receivers.only.regions",
    'Regions by id, or patterns such as "cn-*"; with "!", those left out.',
  ],
  [
    "alerts.receivers.only.rules",
    'Rules by id, or patterns such as "vpc-*"; with "!", those left out.',
  ],
  ["alerts.receivers.only.severity", "Severities of rules."],
  [
    "state",
    "Where notifications are remembered: none, a file (file:./state.json), or a prefix in a bucket (oss://bucket/prefix/, also with ?region=cn-hangzhou).",
  ],
  [
    "evidence",
    "Where the report of every run is kept: none, a folder (file:./evidence/), or a prefix in a bucket (oss://bucket/prefix/).",
  ],
  ["actiontrail", "Whether the command history asks ActionTrail who changed flow logs."],
  ["heartbeat", "Address that every run pings, as a ${NAME} of the environment: it is a secret."],
  [
    "endpoints",
    "Endpoints in place of the public ones: host, host:port or https://host. http is for loopback only.",
  ],
  ["endpoints.vpc", "Of VPC: one for all regions, or one for each region id."],
  ["endpoints.sts", "Of STS."],
  ["endpoints.fc", "Of Function Compute, for audit --remote."],
  ["endpoints.oss", "Of the Object Storage Service, for the state and the evidence."],
  ["endpoints.ecs", "Of Elastic Compute Service, for network interfaces."],
  ["endpoints.sls", "Of the log service, for log stores."],
  ["endpoints.resourceDirectory", "Of the resource directory, for the members of an organization."],
  ["endpoints.cloudConfig", "Of Cloud Config, for its custom rules."],
  ["endpoints.actionTrail", "Of ActionTrail, for the command history."],
]);

/** Values that editors offer, by the path of the key. */
export const EXAMPLES: ReadonlyMap<string, readonly unknown[]> = new Map<
  string,
  readonly unknown[]
>([
  ["regions", [["all"], ["cn-hangzhou", "cn-shanghai"], ["ap-*", "!ap-southeast-5"]]],
  ["accounts", [[{ id: "1234567890123456", roleName: "flowlog-guard-audit" }]]],
  ["organization", [{ roleName: "flowlog-guard-audit", externalId: "${EXTERNAL_ID}" }]],
  ["rules", [["all"], ["flow-log-service-activated", "flow-log-retention"]]],
  ["timeout", ["10s"]],
  ["deadline", ["5m"]],
  [
    "exemptions",
    [[{ region: "cn-heyuan", owner: "net-team", reason: "NET-42", expires: "2027-03-31" }]],
  ],
  ["exemptions.expires", ["2027-03-31"]],
  ["alerts.repeatAfter", ["24h"]],
  ["alerts.summaryEvery", ["7d"]],
  ["alerts.receivers", [[{ url: "${WEBHOOK_URL}", secret: "${WEBHOOK_SECRET}" }]]],
  ["alerts.receivers.url", ["${WEBHOOK_URL}"]],
  ["alerts.receivers.secret", ["${WEBHOOK_SECRET}"]],
  ["state", ["file:./state.json", "oss://my-bucket/flowlog-guard/"]],
  ["evidence", ["file:./evidence/", "oss://my-bucket/evidence/?region=cn-hangzhou"]],
  ["heartbeat", ["${HEARTBEAT_URL}"]],
]);
