import { randomBytes } from "node:crypto";

import { type ActionAnswer, errorAnswer } from "../answer.ts";
import type { Action, ActionCall } from "../world.ts";

const ROLE_ARN = /^acs:ram::(\d+):role\/([\w.-]+)$/;
const SESSION_NAME = /^[\w.@-]{2,64}$/;
const MIN_SESSION_SECONDS = 900;
/** The one text for a missing policy, a missing trust and a root key. */
const REFUSAL = "You are not authorized to do this action. You should be authorized by RAM.";

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
export const assumeRole: Action = {
  version: "2015-04-01",
  answer(call) {
    const { world, form, key } = call;
    const role = world.roles[form.get("RoleArn") ?? ""];
    if (role === undefined) return noSuchRole();
    const trusted = role.trusts === undefined || role.trusts.includes(String(key?.accessKeyId));
    const knowsId = (role.externalId ?? null) === form.get("ExternalId");
    return trusted && knowsId ? issueSession(call) : errorAnswer(403, "NoPermission", REFUSAL);
  },
  faultFor: ({ world }) => world.faults.AssumeRole,
};

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc */
export const assumeRoleWithOidc: Action = {
  version: "2015-04-01",
  anonymous: true,
  answer(call) {
    const { world, form } = call;
    const role = world.roles[form.get("RoleArn") ?? ""];
    if (role === undefined) return noSuchRole();
    if (!form.get("OIDCProviderArn")) return errorAnswer(400, "MissingOIDCProviderArn", "");
    return role.oidcToken !== undefined && role.oidcToken === form.get("OIDCToken")
      ? issueSession(call)
      : errorAnswer(400, "AuthenticationFail.OIDCToken.Invalid", String(form.get("OIDCToken")));
  },
  faultFor: ({ world }) => world.faults.AssumeRoleWithOIDC,
};

function noSuchRole(): ActionAnswer {
  return errorAnswer(404, "EntityNotExist.Role", "The role not exists.");
}

function issueSession({ world, form, issue }: ActionCall): ActionAnswer {
  const roleArn = String(form.get("RoleArn"));
  const sessionName = form.get("RoleSessionName") ?? "";
  const seconds = Number(form.get("DurationSeconds"));
  const [, accountId, role] = ROLE_ARN.exec(roleArn) ?? [];
  if (accountId === undefined) return errorAnswer(400, "InvalidParameter.RoleArn", "");
  if (!SESSION_NAME.test(sessionName)) {
    return errorAnswer(400, "InvalidParameter.RoleSessionName", "");
  }
  if (!(seconds >= MIN_SESSION_SECONDS)) {
    return errorAnswer(400, "InvalidParameter.DurationSeconds", "");
  }
  const expiresAtMs = Date.now() + (world.roles[roleArn]?.lifetimeMs ?? seconds * 1_000);
  const arn = `acs:ram::${accountId}:assumed-role/${role}/${sessionName}`;
  const key = {
    accessKeyId: `STS.${randomBytes(12).toString("hex")}`,
    accessKeySecret: randomBytes(16).toString("hex"),
    securityToken: `token-${randomBytes(24).toString("hex")}`,
  };
  issue({ ...key, accountId, arn }, expiresAtMs);
  return {
    status: 200,
    body: {
      AssumedRoleUser: { Arn: arn, AssumedRoleId: `300000000000000001:${sessionName}` },
      Credentials: {
        AccessKeyId: key.accessKeyId,
        AccessKeySecret: key.accessKeySecret,
        SecurityToken: key.securityToken,
        Expiration: new Date(expiresAtMs).toISOString().replace(/\.\d{3}Z$/, "Z"),
      },
    },
  };
}
