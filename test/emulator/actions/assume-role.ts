import { randomBytes } from "node:crypto";

import { type ActionAnswer, errorAnswer } from "../answer.ts";
import type { Action, ActionCall, RoleSeed } from "../world.ts";

const ROLE_ARN = /^acs:ram::(\d+):role\/([\w.-]+)$/;
const SESSION_NAME = /^[\w.@-]{2,64}$/;
const MIN_SESSION_SECONDS = 900;
/** The one text for a missing policy, a missing trust and a root key. */
const REFUSAL = "You are not authorized to do this action. You should be authorized by RAM.";

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
export const assumeRole: Action = {
  version: "2015-04-01",
  answer(call) {
    const { form, key } = call;
    const role = roleOf(call);
    if (role === undefined) return noSuchRole();
    if (role.refusal !== null) return refusalAs(role.refusal);
    const { seed } = role;
    const trusted =
      seed.trusts?.some((who) => who === key?.accessKeyId || who === key?.arn) ??
      key?.arn?.endsWith(":root") !== true;
    const knowsId = (seed.externalId ?? null) === form.get("ExternalId");
    return trusted && knowsId ? issueSession(call, seed) : refusalAs("NoPermission");
  },
  faultFor: ({ world }) => world.faults.AssumeRole,
};

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc */
export const assumeRoleWithOidc: Action = {
  version: "2015-04-01",
  anonymous: true,
  answer(call) {
    const { form } = call;
    const role = roleOf(call);
    if (role === undefined) return noSuchRole();
    if (!form.get("OIDCProviderArn")) return errorAnswer(400, "MissingOIDCProviderArn", "");
    return role.seed.oidcToken !== undefined && role.seed.oidcToken === form.get("OIDCToken")
      ? issueSession(call, role.seed)
      : errorAnswer(400, "AuthenticationFail.OIDCToken.Invalid", String(form.get("OIDCToken")));
  },
  faultFor: ({ world }) => world.faults.AssumeRoleWithOIDC,
};

/** The asked role and the code with which it is refused; undefined where there is no such role. */
function roleOf({ world, form }: ActionCall) {
  const roleArn = form.get("RoleArn") ?? "";
  const seed = world.roles[roleArn];
  if (seed !== undefined) return { seed, refusal: null };
  const { memberRoles } = world;
  const [, accountId = "", roleName] = ROLE_ARN.exec(roleArn) ?? [];
  if (memberRoles === undefined || roleName !== memberRoles.roleName) return undefined;
  return { seed: memberRoles, refusal: memberRoles.refused?.(accountId) ?? null };
}

function noSuchRole(): ActionAnswer {
  return errorAnswer(404, "EntityNotExist.Role", "The role not exists.");
}

function refusalAs(code: string): ActionAnswer {
  if (code === "EntityNotExist.Role") return noSuchRole();
  return errorAnswer(/^(NoPermission|Forbidden)/.test(code) ? 403 : 400, code, REFUSAL);
}

function issueSession({ form, issue }: ActionCall, seed: RoleSeed): ActionAnswer {
  const sessionName = form.get("RoleSessionName") ?? "";
  const seconds = Number(form.get("DurationSeconds"));
  const [, roleAccountId, role] = ROLE_ARN.exec(String(form.get("RoleArn"))) ?? [];
  if (roleAccountId === undefined) return errorAnswer(400, "InvalidParameter.RoleArn", "");
  if (!SESSION_NAME.test(sessionName)) {
    return errorAnswer(400, "InvalidParameter.RoleSessionName", "");
  }
  if (!(seconds >= MIN_SESSION_SECONDS)) {
    return errorAnswer(400, "InvalidParameter.DurationSeconds", "");
  }
  const accountId = seed.sessionOf ?? roleAccountId;
  const nowMs = Date.now();
  const expiresAtMs = nowMs + (seed.lifetimeMs ?? seconds * 1_000);
  const arn = `acs:ram::${accountId}:assumed-role/${role}/${sessionName}`;
  const key = {
    accessKeyId: `STS.${randomBytes(12).toString("hex")}`,
    accessKeySecret: randomBytes(16).toString("hex"),
    securityToken: `token-${randomBytes(24).toString("hex")}`,
  };
  const { refusedAfterMs = Infinity } = seed;
  issue({ ...key, accountId, arn }, Math.min(expiresAtMs, nowMs + refusedAfterMs));
  return {
    status: 200,
    body: {
      AssumedRoleUser: {
        // Another form than that of GetCallerIdentity, and in lower case.
        Arn: `acs:ram::${accountId}:role/${role?.toLowerCase()}/${sessionName}`,
        AssumedRoleId: `300000000000000001:${sessionName}`,
      },
      Credentials: {
        AccessKeyId: key.accessKeyId,
        AccessKeySecret: key.accessKeySecret,
        SecurityToken: key.securityToken,
        Expiration: new Date(expiresAtMs).toISOString().replace(/\.\d{3}Z$/, "Z"),
      },
    },
  };
}
