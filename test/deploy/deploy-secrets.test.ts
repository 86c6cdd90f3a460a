import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { ENV, S_YAML, useDeployProject, deployIn } from "./deploy-project.ts";
import { ABSENT } from "./recorded-info.ts";

const HOOK = "https://alerts.example.com/hook-path-5c21?token=hook-token-88fe";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const project = useDeployProject();

test("no secret is printed, in any form: ours or one that was deployed before", async () => {
  writeFileSync(
    join(project.folder, "flowlog-guard.yaml"),
    'alerts: { receivers: [{ url: "${PLAIN_NAME}" }] }\n',
  );
  writeFileSync(
    join(project.folder, "s.yaml"),
    S_YAML.replace(
      "        FLOWLOG_GUARD_REGIONS: ${vars.regions}",
      "        FLOWLOG_GUARD_REGIONS: ${vars.regions}\n        PLAIN_NAME: ${env('PLAIN_NAME')}",
    ),
  );
  const plain = "https://alerts.example.com/plain-path-77bb";
  const keys = JSON.stringify({ AccessKeyID: "LTAI-id-5c21", SecurityToken: "sts-token-42cc" });
  const env = {
    ...ENV,
    FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
    FLOWLOG_GUARD_WEBHOOK_SECRET: SECRET,
    PLAIN_NAME: plain,
    ci_serverless_devs_key: keys,
    AccessKeySecret: "key-secret-33dd",
  };
  const output = `
      \u001b[1mFLOWLOG_GUARD_WEBHOOK_URL: \u001b[22m   ${HOOK}
    "FLOWLOG_GUARD_WEBHOOK_SECRET": "${SECRET}",
{"environmentVariables":{"A":"b","FLOWLOG_GUARD_WEBHOOK_URL":"${HOOK}","PLAIN_NAME":"${plain}"}}
-     FLOWLOG_GUARD_WEBHOOK_SECRET: whsec_old-secret-11ee
+     FLOWLOG_GUARD_WEBHOOK_SECRET: ${SECRET}
-     PLAIN_NAME: >-
-       https://alerts.example.com/old-path-22ff
    FLOWLOG_GUARD_WEBHOOK_URL: |
      https://alerts.example.com/old-path-22ff
    timeout: 120
the request to ${encodeURIComponent(plain)} with ${Buffer.from(SECRET).toString("base64")}
LTAI-id-5c21 key-secret-33dd sts-token-42cc
{"x":{"FLOWLOG_GUARD_WEBHOOK_SECRET":"whsec_old-secret-11ee"},"y":1}
{"body":"{\\"FLOWLOG_GUARD_WEBHOOK_URL\\":\\"https://alerts.example.com/old-path-22ff\\"}"}
  FLOWLOG_GUARD_WEBHOOK_URL:
      https://alerts.example.com/old-path-22ff
  a=1 FLOWLOG_GUARD_WEBHOOK_URL => https://alerts.example.com/old-path-22ff
  FLOWLOG_GUARD_WEBHOOK_URL=https://alerts.example.com/a,old-path-22ff
  FLOWLOG_GUARD_HEARTBEAT_URL: https://hc.example.com/old-path-22ff
  ['FLOWLOG_GUARD_WEBHOOK_URL', 'https://alerts.example.com/old-path-22ff']
POST /plain-path-77bb?a=1\\u0026b=2 at ${JSON.stringify(`${plain}?a=1&b=2`).replaceAll("&", "\\u0026")}
    memorySize: 256
`;
  const { stdout, output: all } = await deployIn(
    project,
    { deploy: { output, exitCode: 1 } },
    { env },
  );
  const secrets = /hook-path|hook-token|whsec_|plain-path|5c21|42cc|33dd|11ee|22ff/;
  expect(all).not.toMatch(secrets);
  expect(all).not.toContain(Buffer.from(SECRET).toString("base64"));
  expect(stdout).toContain("FLOWLOG_GUARD_WEBHOOK_URL: ***");
  expect(stdout).toContain("    timeout: 120\n");
  expect(stdout).toContain("    memorySize: 256\n");
});

test("no secret is printed that is under another name, or was deployed before", async () => {
  const text = S_YAML.replace(
    "${env('FLOWLOG_GUARD_WEBHOOK_URL', 'unset')}",
    "${env('PROD_HOOK')}",
  );
  writeFileSync(join(project.folder, "s.yaml"), text);
  const literal = "https://hooks.slack.com/services/T0/B0/literal-path-77bb";
  writeFileSync(
    join(project.folder, "flowlog-guard.yaml"),
    `heartbeat: "${literal}"\nalerts: { receivers: [{ url: "https://a.example/literal-path-99dd" }] }\n`,
  );
  const output = `flowlog-guard-check:
    ~ environmentVariables:
       - TEAM_HOOK: https://open.example.com/hook/old-path-22ff
       ~ FLOWLOG_GUARD_REGIONS: cn-hangzhou => cn-beijing
    ~ timeout: 60 => 120
    + environmentVariables: {"FLOWLOG_GUARD_REGIONS":"unset","TEAM_HOOK":"old-path-22ff"}
error: cannot reach ${HOOK} nor ${literal} nor https://a.example/literal-path-99dd
\u001b]8;;${HOOK}\u0007a link\u001b]8;;\u0007
    memorySize: 256
`;
  const env = { ...ENV, PROD_HOOK: HOOK };
  const { FLOWLOG_GUARD_WEBHOOK_URL: _url, ...rest } = env;
  const { output: all, stdout } = await deployIn(
    project,
    { plan: { output, exitCode: 1 }, failures: ABSENT },
    { env: rest, args: ["--plan"] },
  );
  expect(all).not.toMatch(/hook-path|hook-token|old-path|literal-path/);
  expect(stdout).toContain("FLOWLOG_GUARD_REGIONS: cn-hangzhou => cn-beijing\n");
  expect(stdout).toContain("timeout: 60 => 120\n");
  expect(stdout).toContain("    memorySize: 256\n");
});

test("no external id is printed: of the environment, of the file, or deployed before", async () => {
  writeFileSync(
    join(project.folder, "flowlog-guard.yaml"),
    `organization: { roleName: flowlog-guard-audit, externalId: "file-id-77bb" }
accounts: [{ id: "1234567890123457", name: prod-account, externalId: "entry-id-99dd" }]
`,
  );
  // Of the audit function alone, and under a name that says nothing.
  const [check = "", audit = ""] = S_YAML.split("  flowlog-guard-audit:\n");
  const other = audit.replace("${vars.externalId}", "${env('TENANT')}");
  writeFileSync(join(project.folder, "s.yaml"), `${check}  flowlog-guard-audit:\n${other}`);
  const output = `vars:
    externalId:       id
flowlog-guard-audit:
    ~ environmentVariables:
       + FLOWLOG_GUARD_EXTERNAL_ID: environment-id-5c21
       - FLOWLOG_GUARD_EXTERNAL_ID: old-id-22ff
       ~ FLOWLOG_GUARD_EXTERNAL_ID: old-id-22ff => environment-id-5c21
       ~ FLOWLOG_GUARD_ORGANIZATION_ROLE: unset => flowlog-guard-audit
error: environment-id-5c21, tenant-44aa, file-id-77bb or entry-id-99dd of prod-account
`;
  const env = {
    ...ENV,
    FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
    FLOWLOG_GUARD_EXTERNAL_ID: "environment-id-5c21",
    TENANT: "tenant-44aa",
  };
  const { output: all, stdout } = await deployIn(
    project,
    { plan: { output, exitCode: 1 }, failures: ABSENT },
    { env, args: ["--plan"] },
  );
  expect(all).not.toMatch(/5c21|44aa|22ff|77bb|99dd|externalId: +id/);
  expect(stdout).toContain("FLOWLOG_GUARD_ORGANIZATION_ROLE: unset => flowlog-guard-audit\n");
  expect(stdout).toContain(" or *** of prod-account\n");
});
