import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { parseAllDocuments, parseDocument } from "yaml";

import { parseHealthAddress } from "../../../functions/cli/health/health-address.ts";
import { parseSchedule } from "../../../shared/schedule/parse-schedule.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { REPOSITORY } from "../../harness/documents.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { askPython, hasPython } from "../../harness/python.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

const CRON_JOB = parseAllDocuments(read("deploy/kubernetes/cronjob.yaml")).map((document) =>
  Object(document.toJS()),
);
const DEPLOYMENT = parseDocument(read("deploy/kubernetes/deployment.yaml")).toJS();
const PATCH = parseDocument(read("deploy/kubernetes/without-webhook.yaml")).toJS();
const objectOf = (kind: string) => CRON_JOB.find((object) => object.kind === kind);
const JOB_POD = objectOf("CronJob").spec.jobTemplate.spec.template.spec;
const PATCH_POD = PATCH.spec.jobTemplate.spec.template.spec;
const WATCH_POD = DEPLOYMENT.spec.template.spec;
const TRUST = JSON.parse(read("docs/ram/trust-policy-rrsa.json"));

describe("the schemas of Kubernetes", () => {
  const CHECK = `
import json, sys, kubernetes_validate
problems = []
for resource in json.load(sys.stdin):
    try:
        kubernetes_validate.validate(resource, "1.37", strict=True)
    except kubernetes_validate.ValidationError as error:
        problems.append(error.message)
print(json.dumps(problems))
`;
  const problemsOf = (resources: readonly unknown[]) => askPython(CHECK, JSON.stringify(resources));
  const isFound = hasPython("kubernetes_validate");

  test.skipIf(!isFound)("kubernetes-validate accepts the manifests, and no misspelt key", () => {
    expect(problemsOf([...CRON_JOB, DEPLOYMENT])).toEqual([]);
    const misspelt = { ...DEPLOYMENT, spec: { ...DEPLOYMENT.spec, replica: 1 } };
    expect(problemsOf([misspelt])).toEqual([expect.stringContaining("'replica' was unexpected")]);
  });

  test.skipIf(!isFound)("kubernetes-validate accepts the CronJob with the patch", () => {
    const job = structuredClone(objectOf("CronJob"));
    const pod = job.spec.jobTemplate.spec.template.spec;
    pod.containers[0].env.push(...PATCH_POD.containers[0].env);
    pod.containers[0].volumeMounts.push(...PATCH_POD.containers[0].volumeMounts);
    pod.volumes.push(...PATCH_POD.volumes);
    expect(problemsOf([job])).toEqual([]);
  });
});

test.each([
  ["the CronJob", JOB_POD],
  ["the Deployment", WATCH_POD],
])("%s is restricted, and has time to stop", (_what, pod) => {
  expect(pod.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: "RuntimeDefault" },
  });
  expect(pod.containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  // A run with the default deadline, an alert, the heartbeat, the lock of the state and evidence.
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(300 + 28 + 30 + 75 + 130);
  expect(pod.serviceAccountName).toBe(objectOf("ServiceAccount").metadata.name);
});

test("the role trusts the service account that the pods have", () => {
  const { name, namespace, annotations } = objectOf("ServiceAccount").metadata;
  const [{ Condition, Principal }] = TRUST.Statement;
  const [source] = PATCH_POD.volumes[0].projected.sources;
  expect(Condition.StringEquals).toMatchObject({
    "oidc:sub": `system:serviceaccount:${namespace}:${name}`,
    "oidc:aud": source.serviceAccountToken.audience,
  });
  expect(Principal.Federated[0]).toContain(":oidc-provider/ack-rrsa-");
  const role = PATCH_POD.containers[0].env.find(({ value }: Variable) => value?.includes(":role/"));
  expect(role.value).toContain(`:role/${annotations["pod-identity.alibabacloud.com/role-name"]}`);
});

test("the schedule of the job is the one that the program is told", () => {
  const { schedule, timeZone } = objectOf("CronJob").spec;
  const told = JOB_POD.containers[0].env.find(
    ({ name }: Variable) => name === "FLOWLOG_GUARD_SCHEDULE",
  );
  expect(told.value).toBe(`0 ${schedule}`);
  expect(timeZone).toBe("Etc/UTC");
  expect(parseSchedule(told.value, "schedule")).toMatchObject({ timeZone: "UTC" });
});

test("the probe of the Deployment asks where watch answers", () => {
  const [{ env, ports, livenessProbe, args }] = WATCH_POD.containers;
  const address = env.find(({ name }: Variable) => name === "FLOWLOG_GUARD_HEALTH").value;
  expect(parseHealthAddress(address, "")).toEqual({
    host: "0.0.0.0",
    port: ports[0].containerPort,
  });
  expect(livenessProbe.httpGet).toEqual({ path: "/healthz", port: ports[0].name });
  expect(() => parseSchedule(args[args.indexOf("--schedule") + 1], "schedule")).not.toThrow();
});

test("the CronJob audits with the role's session, alerts, and remembers it", async () => {
  const roleArn = "acs:ram::1234567890123456:role/flowlog-guard";
  const token = "pod-token-77";
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: false } },
    roles: { [roleArn]: { oidcToken: token } },
  });
  await using catcher = await startWebhookCatcher();
  const config = String(objectOf("ConfigMap").data["flowlog-guard.yaml"]);
  expect(config).toMatch(/^state: oss:\/\/<bucket>\/flowlog-guard\//m);
  await using folder = await homeFolder({ "token/token": token });
  const inFile = config.replace(/^state: .*$/m, `state: file:${join(folder.path, "state.json")}`);
  await mkdir(join(folder.path, "config"));
  await writeFile(join(folder.path, "config/flowlog-guard.yaml"), inFile);
  const [{ args, env }] = JOB_POD.containers;
  const secrets: Record<string, string> = { "webhook-url": catcher.url };
  const given = [...env, ...PATCH_POD.containers[0].env].map(
    ({ name, value, valueFrom }: Variable): [string, string] => {
      if (valueFrom === undefined) return [name, String(value)];
      const { stringData, metadata } = objectOf("Secret");
      expect(valueFrom.secretKeyRef.name).toBe(metadata.name);
      expect(Object.keys(stringData)).toContain(valueFrom.secretKeyRef.key);
      return [name, String(secrets[valueFrom.secretKeyRef.key])];
    },
  );
  const {
    ALIBABA_CLOUD_ACCESS_KEY_ID: _id,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: _secret,
    ...endpoints
  } = emulatorEnv(emulator);
  const [mount] = PATCH_POD.containers[0].volumeMounts;
  const variables = Object.fromEntries(given);
  const run = await runCli(
    args.map((word: string) => word.replace(/^\/config/, join(folder.path, "config"))),
    {
      ...endpoints,
      ...variables,
      ALIBABA_CLOUD_ROLE_ARN: roleArn,
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: TRUST.Statement[0].Principal.Federated[0],
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: String(variables["ALIBABA_CLOUD_OIDC_TOKEN_FILE"]).replace(
        mount.mountPath,
        join(folder.path, "token"),
      ),
    },
  );
  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  expect(JSON.parse(run.stdout)).toMatchObject({
    outcome: "done",
    nonCompliant: ["cn-a"],
    receivers: [{ status: "delivered" }],
  });
  expect(emulator.requests.map(({ action }) => action)).toContain("AssumeRoleWithOIDC");
  expect(JSON.parse(await folder.read("state.json")).entries).toHaveLength(1);
});

test("the configuration of the CronJob is valid once its bucket is named", async () => {
  const config = String(objectOf("ConfigMap").data["flowlog-guard.yaml"]);
  await using folder = await homeFolder({ "a.yaml": config.replace("<bucket>", "my-bucket") });
  const args = ["config", "--config", join(folder.path, "a.yaml")];
  const { exitCode, stdout } = await runMain(args);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("oss://my-bucket/flowlog-guard/");
  // Where it is not, the job fails before it audits.
  await using left = await homeFolder({ "a.yaml": config });
  const unnamed = await runMain(["config", "--config", join(left.path, "a.yaml")]);
  expect(unnamed).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("state") });
});
