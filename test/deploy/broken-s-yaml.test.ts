import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { describe, expect, test } from "vitest";

import { problemsOfBundles } from "../../deploy/template/check-bundles.ts";
import { warningOfSchedule } from "../../deploy/template/check-schedule.ts";
import { checkText } from "./check-text.ts";
import { TEXT, ENV, HOOK, problemsOf, templateOf } from "./s-yaml.ts";

/** A replacement in s.yaml, and the problem that the check reports. */
const MUTATIONS: readonly (readonly [trap: string, from: string, to: string, says: string])[] = [
  ["cron for cronExpression", "cronExpression:", "cron:", "triggerConfig.cron: is not a known key"],
  ["no cronExpression", "cronExpression:", "cron:", "triggerConfig.cronExpression: is missing"],
  ["enabled for enable", "enable: true", "enabled: true", "triggerConfig.enabled: is not a known"],
  ["a timer that is off", "enable: true", "enable: false", "triggerConfig.enable: must be true"],
  ["a flag as a text", "enable: true", "enable: 'true'", "triggerConfig.enable: must be true"],
  ["five fields", "0 17 * * * *", "17 * * * *", "cronExpression: has 5 fields: write six fields"],
  ["seven fields", "0 17 * * * *", "0 17 * * * * *", "cronExpression: has 7 fields"],
  ["no zone", "CRON_TZ=Asia/Shanghai ", "", "cronExpression: has no time zone"],
  [
    "no such zone",
    "Asia/Shanghai",
    "Asia/Shanghia",
    'cronExpression: has "Asia/Shanghia" for the time zone: write UTC, or a name of the tz database',
  ],
  [
    "a minute 61",
    "0 17 * * * *",
    "0 61 * * * *",
    'cronExpression: has "61" for the minutes: write',
  ],
  [
    "a 30 February",
    "0 17 * * * *",
    "0 17 0 30 2 *",
    'has "30" for the day of the month, which "2"',
  ],
  ["every second", "0 17 * * * *", "* * * * * *", 'cronExpression: has "*" for the seconds: write'],
  ["a zone's abbreviation", "Asia/Shanghai", "CST", 'cronExpression: has "CST" for the time zone'],
  ["a zone in another case", "Asia/Shanghai", "asia/shanghai", "time zone: write Asia/Shanghai"],
  ["a last day", "0 17 * * * *", "0 17 9 L * *", 'has "L" for the day of the month: write'],
  [
    "a long name",
    "0 17 * * * *",
    "0 17 9 ? * monday",
    'has "monday" for the day of the week: write',
  ],
  ["a Sunday as 0", "0 17 * * * *", "0 17 9 ? * 0", 'has "0" for the day of the week: write'],
  ["days in reverse order", "0 17 * * * *", "0 17 9 ? * FRI-MON", 'write "FRI-SUN,MON"'],
  ["two kinds of days", "0 17 * * * *", "0 17 9 1 * MON", 'write "?" for one of them'],
  [
    "an interval of two units",
    "CRON_TZ=Asia/Shanghai 0 17 * * * *",
    "@every 1h30m",
    "cronExpression: @every takes one whole number and its unit",
  ],
  ["role: auto", "role: ${vars.role}", "role: auto", "role: must be the ARN of a role"],
  ["a role's name", "role: ${vars.role}", "role: flowlog-guard", "role: must be the ARN of a role"],
  ["no role", "      role: ${vars.role}\n", "", "props.role: is missing"],
  ["no authType", "            authType: function", "            #", "authType: is missing"],
  ["anonymous", "authType: function", "authType: anonymous", 'authType: must be "function"'],
  ["jwt", "authType: function", "authType: jwt", 'authType: must be "function"'],
  ["a method that is refused", "[GET, POST]", "[GET, PUT]", "triggerConfig.methods[1]: must be"],
  ["an unknown key", "      cpu: 0.25", "      cpus: 0.25", "props.cpus: is not a known key"],
  ["an unknown trigger", "triggerType: http", "triggerType: https", 'of type "timer" or "http"'],
  ["no timeout", "      timeout: 120 #", "      #", "props.timeout: is missing"],
  ["a misspelt timeout", "timeout: 120 #", "timeOut: 120 #", "timeOut: is not a known key"],
  ["a timeout as a text", "timeout: 120 #", "timeout: '120' #", "timeout: must be a whole number"],
  ["a timeout in binary as a text", "timeout: 120 #", "timeout: '0b1111000' #", "whole number"],
  ["a timeout that is no time", "timeout: 120 #", "timeout: 29 #", "a whole number from 30 to"],
  [
    "a date that is no text",
    "FLOWLOG_GUARD_STATE: ${env('FLOWLOG_GUARD_STATE', 'unset')}",
    "FLOWLOG_GUARD_STATE: 2026-11-28",
    "environmentVariables.FLOWLOG_GUARD_STATE: is read as a date: put it in quotes",
  ],
  [
    "bytes that are no text",
    "FLOWLOG_GUARD_STATE: ${env('FLOWLOG_GUARD_STATE', 'unset')}",
    "FLOWLOG_GUARD_STATE: !!binary bm9uZQ==",
    "environmentVariables.FLOWLOG_GUARD_STATE: is read as bytes",
  ],
  [
    "an octal number that is no text",
    "FLOWLOG_GUARD_STATE: ${env('FLOWLOG_GUARD_STATE', 'unset')}",
    "FLOWLOG_GUARD_STATE: 0o17",
    "environmentVariables.FLOWLOG_GUARD_STATE: must be a text",
  ],
  ["a tag that is not known", "cpu: 0.25", "cpu: !cpu 0.25", "s.yaml: is not YAML"],
  ["a key twice", "      cpu: 0.25", "      cpu: 0.25\n      cpu: 0.3", "at line 41"],
  ["a second document", "resources:", "---\nresources:", "s.yaml: is not YAML"],
  [
    "no way out",
    "      cpu: 0.25",
    "      cpu: 0.25\n      internetAccess: false",
    "props.internetAccess: must not be false without vpcConfig",
  ],
  [
    "layers",
    "      cpu: 0.25",
    "      cpu: 0.25\n      layers: []",
    "layers: is not supported here",
  ],
  [
    "an endpoint",
    "      cpu: 0.25",
    "      cpu: 0.25\n      endpoint: https://fc.example.com",
    "props.endpoint: is not supported here",
  ],
  [
    "a limit of instances",
    "      cpu: 0.25",
    "      cpu: 0.25\n      concurrencyConfig: { reservedConcurrency: 1 }",
    "props.concurrencyConfig: is not supported here",
  ],
  [
    "a destination of successful runs",
    "maxAsyncRetryAttempts: 2",
    "maxAsyncRetryAttempts: 2\n        destinationConfig: { onSuccess: { destination: 'acs:mns:a:1:/q' } }",
    "destinationConfig.onSuccess: is not supported here",
  ],
  [
    "an invalid destination",
    "maxAsyncRetryAttempts: 2",
    "maxAsyncRetryAttempts: 2\n        destinationConfig: { onFailure: { destination: failed } }",
    "onFailure.destination: must be the ARN of",
  ],
  [
    "a variable of Function Compute's own",
    "FLOWLOG_GUARD_REGIONS: ${vars.regions}",
    "FC_REGION: cn-hangzhou",
    "environmentVariables.FC_REGION: is not a name that a variable may have",
  ],
  [
    "an action afterwards",
    "actions:",
    "actions:\n  success-deploy: []",
    "actions.success-deploy: is not supported here",
  ],
  [
    "a domain",
    "      cpu: 0.25",
    "      cpu: 0.25\n      customDomain: {}",
    "props.customDomain: is not supported here",
  ],
  ["a flow", "resources:", "flow: { deploy: [] }\nresources:", "flow: is not supported here"],
  ["an unknown key", "resources:", "flows: {}\nresources:", "flows: is not a known key"],
  [
    "actions of a resource",
    "    component: fc3@0.1.22",
    "    component: fc3@0.1.22\n    actions: {}",
    "flowlog-guard-check.actions: is not supported here",
  ],
  ["a number from vars", "timeout: 120 #", "timeout: ${vars.region} #", "timeout: must be a whole"],
  ["a timeout too long", "timeout: 120 #", "timeout: 86401 #", "timeout: must be a whole number"],
  ["memory of 100 MB", "memorySize: 256", "memorySize: 100", "memorySize: must be a whole number"],
  ["memory of 200 MB", "memorySize: 256", "memorySize: 200", "memorySize: must be a multiple"],
  ["too little CPU", "cpu: 0.25", "cpu: 0.05", "props.cpu: must go with memorySize"],
  ["an odd disk", "diskSize: 512", "diskSize: 1024", "diskSize: must be 512 or 10240"],
  ["no log", "      logConfig: auto\n", "", "props.logConfig: is missing"],
  ["9 retries", "maxAsyncRetryAttempts: 2", "maxAsyncRetryAttempts: 9", "from 0 to 8"],
  ["no count of retries", "maxAsyncRetryAttempts: 2", "#", "maxAsyncRetryAttempts: is missing"],
  ["another file", "handler: index.handler", "handler: main.handler", "main.handler is not in"],
  ["another function", "handler: index.handler", "handler: index.main", "index.main is not in"],
  ["an unknown runtime", "nodejs20", "nodejs22", 'runtime: must be "nodejs20"'],
  [
    "the whole checkout",
    "code: ./dist/check",
    "code: ./",
    "code: must be the folder of one bundle",
  ],
  ["the whole build", "code: ./dist/check", "code: ./dist", "code: must be the folder of one"],
  [
    "a folder never built",
    "code: ./dist/check",
    "code: ./dist/chek",
    'must be "./dist/check", its own bundle',
  ],
  [
    "the other function's bundle",
    "code: ./dist/check",
    "code: ./dist/audit",
    'must be "./dist/check", its own bundle',
  ],
  [
    "the other function's name",
    "functionName: ${vars.name}-audit",
    "functionName: ${vars.name}-check",
    'functionName: must end in "-audit"',
  ],
  [
    "a template variable that is not read",
    "FLOWLOG_GUARD_REGIONS: ${vars.regions}",
    "NODE_OPTIONS: --inspect",
    "NODE_OPTIONS: is read by nothing that is deployed",
  ],
  [
    "a payload that is no event",
    "            enable: true",
    "            enable: true\n            payload: hello",
    "payload: is not JSON",
  ],
  [
    "more variables than there is room for",
    "FLOWLOG_GUARD_REGIONS: ${vars.regions}",
    `FLOWLOG_GUARD_REGIONS: ${"cn-hangzhou,".repeat(400)}cn-hangzhou`,
    "are more than 4096 bytes",
  ],
  ["a build elsewhere", "      path: ./", "      path: ../elsewhere", 'must be "./"'],
  [
    "a number for a variable",
    "FLOWLOG_GUARD_REGIONS: ${vars.regions}",
    "FLOWLOG_GUARD_CONCURRENCY: 8",
    "environmentVariables.FLOWLOG_GUARD_CONCURRENCY: must be a text",
  ],
  [
    "a boolean for a variable",
    "FLOWLOG_GUARD_REGIONS: ${vars.regions}",
    "FLOWLOG_GUARD_REGIONS: true",
    "environmentVariables.FLOWLOG_GUARD_REGIONS: must be a text",
  ],
  [
    "a variable that is not read",
    "FLOWLOG_GUARD_REGIONS: ${vars.regions}",
    "FLOWLOG_GUARD_REGION: ${vars.regions}",
    "FLOWLOG_GUARD_REGION: is not a known variable",
  ],
  [
    "a value that is refused at run time",
    "FLOWLOG_GUARD_REGIONS: ${vars.regions}",
    "FLOWLOG_GUARD_REGIONS: CN-Hangzhou",
    'FLOWLOG_GUARD_REGIONS: "CN-Hangzhou" is not a region',
  ],
  ["an unset variable", "${env('ROLE_NAME', 'flowlog-guard')}", "${env('R_N')}", "variable R_N is"],
  [
    "another expression",
    "${vars.role}",
    "${config('AccountID')}",
    "holds an expression other than",
  ],
  [
    "no such entry of vars",
    "region: ${vars.region}",
    "region: ${vars.regoin}",
    "props.region: vars has no regoin",
  ],
  ["another edition", "edition: 3.0.0", "edition: 2.0.0", 'edition: must be "3.0.0"'],
  ["any component's version", "fc3@0.1.22", "fc3", 'component: must be "fc3@0.1.22"'],
  ["access from a variable", "access: default", "access: ${env('A', 'b c')}", "access: must be a"],
  ["no build", "run: npm run build", "run: npm test", 'pre-deploy: must hold "npm run build"'],
  ["no check function", "  flowlog-guard-check:", "  check:", "flowlog-guard-check: is missing"],
  ["no timer", "triggerType: timer", "triggerType: oss", "triggers[0]"],
  ["not YAML", "resources:", "resources: [", "s.yaml: is not YAML that can be read"],
];

describe("a change that breaks s.yaml is found", () => {
  test.each(MUTATIONS)("%s", (_trap, from, to, says) => {
    const text = TEXT.replace(from, to);
    expect(text).not.toBe(TEXT);
    expect(problemsOf(text).join("\n")).toContain(says);
  });

  test("the full or half hour", () => {
    for (const fields of ["0 0 * * * *", "0 30 9 * * *", "0 */5 * * * *", "0 7,30 * * * *"]) {
      expect(warningOfSchedule(`CRON_TZ=Asia/Shanghai ${fields}`)).toContain("full or half hour");
    }
    // Nepal's clocks are 5 hours and 45 minutes ahead.
    expect(warningOfSchedule("CRON_TZ=Asia/Kathmandu 0 15 * * * *")).toContain("full or half");
    expect(warningOfSchedule("CRON_TZ=Asia/Kathmandu 0 0 * * * *")).toBeNull();
    const text = TEXT.replace("0 17 * * * *", "0 0 * * * *");
    expect(checkText(text, ENV, null).warnings.join()).toContain("full or half hour");
  });

  test.each([
    [
      "DEPLOY_REGION",
      { ACCOUNT_ID: ENV.ACCOUNT_ID },
      "DEPLOY_REGION is not set, and has no default",
    ],
    ["ACCOUNT_ID", { DEPLOY_REGION: "cn-a" }, "ACCOUNT_ID is not set, and has no default"],
    ["an empty one", { ...ENV, ACCOUNT_ID: "" }, "ACCOUNT_ID is empty"],
    ["an empty one with a default", { ...ENV, ROLE_NAME: "" }, "ROLE_NAME is empty"],
    ["an invalid account", { ...ENV, ACCOUNT_ID: "acme" }, "role: must be the ARN"],
    ["an invalid region", { ...ENV, DEPLOY_REGION: "Hangzhou" }, "must be a region that"],
    [
      "a region that the component does not know",
      { ...ENV, DEPLOY_REGION: "cn-heyuan" },
      "must be a region that the component deploys to (set DEPLOY_REGION): ap-northeast-1,",
    ],
    ["an invalid name", { ...ENV, DEPLOY_NAME: "my guard" }, "functionName: is not a name"],
    ["a value that is run again", { ...ENV, SCHEDULE: "${env('HOME')}" }, 'holds "${" or "<%"'],
    ["a program", { ...ENV, SCHEDULE: "<%= 1 %>" }, 'holds "${" or "<%"'],
  ])("without a proper variable: %s", (_name, env, says) => {
    const problems = problemsOf(TEXT, env);
    expect(problems.join("\n")).toContain(says);
  });

  test("a secret without an address, and an invalid address, without quoting it", () => {
    const secret = {
      ...ENV,
      FLOWLOG_GUARD_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    };
    expect(problemsOf(TEXT, secret).join()).toContain("which is not set");
    const problems = problemsOf(TEXT, { ...ENV, FLOWLOG_GUARD_WEBHOOK_URL: "hook-5c21" }).join();
    expect(problems).toContain("FLOWLOG_GUARD_WEBHOOK_URL: is not an address");
    expect(problems).not.toContain("hook-5c21");
  });

  test("a packed file with a variable that a function does not get", () => {
    const values = { alerts: { receivers: [{ url: "${HOOK}" }] } };
    const problems = problemsOf(TEXT, ENV, values);
    // Only the function that alerts needs it.
    expect(problems).toEqual([
      expect.stringMatching(/flowlog-guard-check\..*the environment variable HOOK is not set/),
    ]);
    const given = TEXT.replace(
      "        FLOWLOG_GUARD_REGIONS: ${vars.regions}",
      "        FLOWLOG_GUARD_REGIONS: ${vars.regions}\n        HOOK: ${env('HOOK')}",
    );
    expect(problemsOf(given, { ...ENV, HOOK }, values)).toEqual([]);
  });

  test("alerts at an Alertmanager that would end between two runs", () => {
    const values = (validFor?: string) => ({
      alerts: {
        receivers: [
          { type: "alertmanager", url: "https://am.example.com", ...(validFor && { validFor }) },
        ],
      },
    });
    const daily = { ...ENV, SCHEDULE: "CRON_TZ=Asia/Shanghai 0 17 9 * * *" };
    expect(problemsOf(TEXT, daily, values())).toEqual([]);
    expect(problemsOf(TEXT, daily, values("2d"))).toEqual([]);
    expect(problemsOf(TEXT, daily, values("4h"))).toEqual([
      expect.stringContaining("alerts.receivers[0].validFor: is 4h, so alerts would end between"),
    ]);
    // An s.yaml of an older version does not pass the schedule to the function, which would use 4h.
    const withoutSchedule = TEXT.replace(/ +FLOWLOG_GUARD_SCHEDULE: .*\n/, "");
    expect(withoutSchedule).not.toBe(TEXT);
    expect(problemsOf(withoutSchedule, ENV, values())).toEqual([]);
    expect(problemsOf(withoutSchedule, daily, values())).toEqual([
      expect.stringContaining("alerts.receivers[0].validFor: is 4h"),
    ]);
  });

  test("a function whose variable has another schedule than its timer", () => {
    const other = TEXT.replace(
      "FLOWLOG_GUARD_SCHEDULE: ${env('SCHEDULE', 'unset')}",
      "FLOWLOG_GUARD_SCHEDULE: '@every 5m'",
    );
    expect(other).not.toBe(TEXT);
    const receivers = [{ type: "alertmanager", url: "https://am.example.com" }];
    expect(problemsOf(other, ENV, { alerts: { receivers } })).toEqual([
      expect.stringContaining("FLOWLOG_GUARD_SCHEDULE: must be the cronExpression of a timer"),
    ]);
    // The file has another one, and the variable is not set.
    const daily = TEXT.replace("0 17 * * * *", "0 17 9 * * *");
    expect(problemsOf(daily, ENV, { alerts: { receivers } })).toEqual([
      expect.stringContaining("alerts.receivers[0].validFor: is 4h"),
    ]);
  });

  test("files beside the bundle", async () => {
    const dist = await mkdtemp(join(tmpdir(), "flowlog-guard-strays-"));
    try {
      for (const name of ["check", "audit"]) {
        await mkdir(join(dist, name));
        await writeFile(join(dist, name, "index.js"), "exports.handler = () => {};");
      }
      expect(problemsOfBundles(templateOf(), dist)).toEqual([]);
      await mkdir(join(dist, "check/node_modules"));
      for (const name of [".env", "index.js.map", "node_modules/stray.js"]) {
        await writeFile(join(dist, "check", name), "");
        expect(problemsOfBundles(templateOf(), dist).join()).toContain(`holds ${basename(name)}`);
      }
    } finally {
      await rm(dist, { recursive: true });
    }
  });
});
