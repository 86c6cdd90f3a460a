import { describe, expect, test } from "vitest";

import { judgeCertificates } from "../../../functions/cli/commands/doctor/checks/certificates.ts";
import { judgeClock } from "../../../functions/cli/commands/doctor/checks/clock.ts";
import { variablesInForce } from "../../../functions/cli/commands/doctor/checks/configuration.ts";
import {
  judgeExpiry,
  maskKeyId,
} from "../../../functions/cli/commands/doctor/checks/credentials.ts";
import { judgeHead } from "../../../functions/cli/commands/doctor/checks/evidence.ts";
import { judgeCaller } from "../../../functions/cli/commands/doctor/checks/identity.ts";
import { judgeNode } from "../../../functions/cli/commands/doctor/checks/program.ts";
import { PROBES } from "../../../functions/cli/commands/doctor/checks/services.ts";
import { describeChoice } from "../../../functions/cli/commands/doctor/describe-choice.ts";
import { judgeState } from "../../../functions/cli/commands/doctor/judge-state.ts";
import { outcomeOfError } from "../../../functions/cli/commands/doctor/outcome-of-error.ts";
import { splitAdvice } from "../../../functions/cli/commands/doctor/split-advice.ts";
import { EMPTY_STATE } from "../../../shared/alerts/alert-state.ts";
import { CredentialsError, ScopeError } from "../../../shared/audit/run-error.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { createAuthority } from "../../harness/certificates.ts";
import { homeFolder } from "../../harness/home-folder.ts";

const NOW = new Date("2026-11-28T17:00:00Z");
const NOW_MS = NOW.getTime();

test.each([
  ["18.20.0", "problem", "NODE_TOO_OLD"],
  ["20.0.0", "ok", null],
  ["24.11.1", "ok", null],
  ["99.0.0", "warning", "NODE_NOT_TRIED"],
])("Node.js %s is %s", (version, status, code) => {
  expect(judgeNode(version)).toMatchObject({ status, code });
});

test.each([
  [null, "skipped", "NOT_TRIED"],
  [0, "ok", null],
  [59_999, "ok", null],
  [-60_000, "warning", "CLOCK_OFF"],
  [899_999, "warning", "CLOCK_OFF"],
  [900_000, "problem", "CLOCK_OFF"],
  [-1_200_000, "problem", "CLOCK_OFF"],
])("a clock that is %s ms off is %s", (differenceMs, status, code) => {
  expect(judgeClock(differenceMs)).toMatchObject({ status, code });
});

test("says in which direction the clock is off", () => {
  expect(judgeClock(1_200_000).detail).toContain("20 min behind the cloud's");
  expect(judgeClock(-90_000).detail).toContain("90 s ahead of the cloud's");
});

test.each([
  [null, "ok", null],
  [NOW_MS + 3_600_000, "ok", null],
  [NOW_MS + 60_000, "warning", "EXPIRES_SOON"],
  [NOW_MS, "problem", "EXPIRED"],
])("a temporary key that expires at %s is %s", (expiresAtMs, status, code) => {
  expect(judgeExpiry("From x: key ***abcd", expiresAtMs, NOW_MS)).toMatchObject({ status, code });
});

test.each([
  ["LTAI5tEmulatorKey", "***rKey"],
  ["STS.NUechoedKeyId0042", "***0042"],
  ["short", "***"],
])("of the key %s is shown %s", (id, shown) => expect(maskKeyId(id)).toBe(shown));

test.each([
  ["acs:ram::1234567890123456:user/auditor", "ok"],
  ["acs:ram::1234567890123456:assumed-role/root/x", "ok"],
  ["acs:ram::1234567890123456:root", "warning"],
  [null, "ok"],
])("the identity %s is %s", (arn, status) => {
  expect(judgeCaller({ accountId: "1234567890123456", arn }).status).toBe(status);
});

describe("a file of certificates", () => {
  const { cert } = createAuthority();
  const shown = "/etc/ca.pem";

  test.each([
    ["one", cert, "ok", "1 authority from /etc/ca.pem."],
    ["two", cert + cert, "ok", "2 authorities"],
    ["none", "hello\n", "problem", "no certificate in PEM"],
    [
      "one that is damaged",
      cert.replace(/.{20}\n-----END/, "\n-----END"),
      "problem",
      "no certificate in PEM",
    ],
  ])("with %s", (_what, text, status, says) => {
    expect(judgeCertificates(text, shown, NOW)).toMatchObject({
      status,
      detail: expect.stringContaining(says),
    });
  });

  test("that have all expired, and not one of many as in a system's collection", () => {
    const notAfter = new Date("2025-01-01T00:00:00Z");
    const { cert: old } = createAuthority().issue({ hosts: ["old.example.com"], notAfter });
    expect(judgeCertificates(old, shown, NOW)).toMatchObject({ code: "CERTIFICATE_EXPIRED" });
    expect(judgeCertificates(old + cert, shown, NOW)).toMatchObject({
      status: "ok",
      detail: "2 authorities from /etc/ca.pem, of which 1 expired.",
    });
  });
});

describe("a state", () => {
  const seen = {
    ...EMPTY_STATE,
    generation: 3,
    accounts: { "1234567890123456": { seenAtMs: NOW_MS - 60_000 } },
  };
  const lease = { owner: "0f9a7c12-5555", lifetimeMs: 60_000, expiresAtMs: NOW_MS + 20_000 };
  const read = { name: "file:s.json", isLeased: false, lease: null, nowMs: NOW_MS };
  const good = { state: seen, problem: null };

  test.each([
    ["is good", { ...read, found: good }, "ok", null],
    ["is empty", { ...read, found: { state: EMPTY_STATE, problem: null } }, "ok", null],
    [
      "is damaged",
      { ...read, found: { state: EMPTY_STATE, problem: "corrupt" as const } },
      "problem",
      "STATE_DAMAGED",
    ],
    ["is newer", { ...read, found: { state: seen, problem: 9 } }, "problem", "STATE_NEWER"],
    ["is locked", { ...read, found: good, isLeased: true, lease }, "warning", "STATE_LOCKED"],
    [
      "was locked by a run that died",
      { ...read, found: good, isLeased: true, lease: { ...lease, expiresAtMs: NOW_MS } },
      "warning",
      "STATE_LEASE_EXPIRED",
    ],
    [
      "has a lock that cannot be read",
      { ...read, found: good, isLeased: true },
      "warning",
      "STATE_LEASE_DAMAGED",
    ],
  ])("that %s", (_what, reading, status, code) => {
    expect(judgeState(reading)).toMatchObject({ status, code });
  });

  test("is shown with its age and its accounts, and a lock with its times", () => {
    expect(judgeState({ ...read, found: good }).detail).toBe(
      "file:s.json, last run 2026-11-28T16:59:00Z, of 1 account.",
    );
    expect(judgeState({ ...read, found: good, isLeased: true, lease }).detail).toContain(
      "Locked by run 0f9a7c12 since 2026-11-28T16:59:20Z, until 2026-11-28T17:00:20Z.",
    );
  });
});

test.each([
  ["is gone", null],
  ["is no manifest", "{}"],
])("a newest manifest that %s is a problem", (_what, text) => {
  const content = text === null ? null : Buffer.from(text);
  expect(judgeHead("file:e/", "a.manifest.json", content)).toMatchObject({
    status: "problem",
    fix: expect.stringContaining("flowlog-guard verify"),
  });
});

test("every permission that a rule needs is tried", async () => {
  const rules = await loadRules(RULE_IDS);
  const actions = rules.flatMap(({ permissions }) => permissions.map(({ action }) => action));
  expect(Object.keys(PROBES)).toEqual(expect.arrayContaining(actions));
  expect(new Set(actions)).toEqual(new Set(Object.keys(PROBES)));
});

test.each([
  [
    "Access denied (HTTP 403, NoPermission). Allow the RAM action vpc:X to the identity.",
    "Access denied (HTTP 403, NoPermission).",
    "Allow the RAM action vpc:X to the identity.",
  ],
  [
    "127.0.0.1:80 cannot be reached (ECONNREFUSED). Check the network. Or not.",
    "127.0.0.1:80 cannot be reached (ECONNREFUSED).",
    "Check the network. Or not.",
  ],
  ["Nothing more is said.", "Nothing more is said.", undefined],
  ["Check this.", "Check this.", undefined],
])("divides %j", (message, detail, fix) => {
  expect(splitAdvice(message)).toEqual({ detail, fix });
});

test("an error of the program is a problem with its code, and any other is thrown", () => {
  expect(outcomeOfError(new CredentialsError("No."))).toMatchObject({ code: "CREDENTIALS" });
  expect(outcomeOfError(new ScopeError("NO_LIST", "No."))).toMatchObject({ code: "NO_LIST" });
  const fault = new TypeError("x");
  expect(() => outcomeOfError(fault)).toThrow(fault);
});

test("names the variables that are in force, and no value", () => {
  expect(
    variablesInForce({
      HOME: "/root",
      FLOWLOG_GUARD_STATE: "file:./s.json",
      FLOWLOG_GUARD_REGIONS: "unset",
      ALIBABA_CLOUD_PROFILE: "audit",
      ALIBABACLOUD_ROLE_ARN: "",
      HTTPS_PROXY: "http://user:password@proxy:3128",
      "FLOWLOG_GUARD_secret-9d1c": "x",
    }),
  ).toEqual(["ALIBABA_CLOUD_PROFILE", "FLOWLOG_GUARD_STATE", "HTTPS_PROXY"]);
});

describe("where credentials come from", () => {
  const KEYS = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tSomeKey0001",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "some-secret",
  };
  const ROLE = "acs:ram::1234567890123456:role/auditor";

  test.each([
    [KEYS, "the keys in ALIBABA_CLOUD_ACCESS_KEY_ID", false],
    [
      { ...KEYS, ALIBABA_CLOUD_ROLE_ARN: ROLE },
      `the role ${ROLE}, assumed with the keys in ALIBABA_CLOUD_ACCESS_KEY_ID`,
      true,
    ],
    [
      {
        ALIBABA_CLOUD_ROLE_ARN: ROLE,
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1234567890123456:oidc-provider/ci",
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token",
      },
      `OIDC (ALIBABA_CLOUD_OIDC_TOKEN_FILE) for the role ${ROLE}`,
      true,
    ],
    [{}, "the ECS metadata service", true],
    [
      { ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1/token" },
      "the service that ALIBABA_CLOUD_CREDENTIALS_URI names",
      true,
    ],
  ])("%j", async (env, source, isRenewed) => {
    const described = await describeChoice(undefined, { HOME: "/nonexistent", ...env });
    expect(described).toEqual({ source, isRenewed, expiresAtMs: null });
  });

  test.each([
    ["AK", {}, "(AK)", false, null],
    ["StsToken", { sts_expiration: 1_800_000_000 }, "(StsToken)", false, 1_800_000_000_000],
    ["StsToken", { sts_expiration: 99_999_999_999_999 }, "(StsToken)", false, null],
    ["StsToken", { sts_expiration: "never" }, "(StsToken)", false, null],
    [
      "CloudSSO",
      { cloud_sso_access_token_expire: 1_800_000_000 },
      "(CloudSSO)",
      false,
      1_800_000_000_000,
    ],
    ["RamRoleArn", { ram_role_arn: ROLE }, `(RamRoleArn, ${ROLE})`, true, null],
    ["External", {}, "(External)", true, null],
  ])("a profile of mode %s", async (mode, fields, says, isRenewed, expiresAtMs) => {
    const profiles = [{ name: "audit", mode, ...fields }];
    await using home = await homeFolder({ ".aliyun/config.json": { profiles } });
    const described = await describeChoice("audit", { HOME: home.path });
    expect(described).toEqual({
      source: `the profile audit ${says}, chosen by --profile`,
      isRenewed,
      expiresAtMs,
    });
  });
});
