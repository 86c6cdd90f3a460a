import { describe, expect, test, vi } from "vitest";

import { CallError } from "../../../../shared/audit/call-error.ts";
import type { Cloud } from "../../../../shared/audit/cloud.ts";
import { NO_EVIDENCE } from "../../../../shared/audit/finding.ts";
import type { RoleSession } from "../../../../shared/audit/organization.ts";
import { UnreadableError } from "../../../../shared/audit/region-reader.ts";
import { startTimeBudget } from "../../../../shared/retry/time-budget.ts";
import { type AssumeRole, MemberSession } from "../../../../shared/run/accounts/member-session.ts";
import { virtualTime } from "../../../harness/virtual-time.ts";

const ROLE = { accountId: "1", roleName: "audit" };
const EXCHANGE = { requestId: "R", endpoint: "vpc.example", httpStatus: 200 };
const LIMIT = startTimeBudget(0, "TIMEOUT");

function refusal(serviceCode: string): CallError {
  return new CallError("CREDENTIALS_INVALID", `Refused (${serviceCode}).`, {
    exchange: EXCHANGE,
    retryable: "never",
    serviceCode,
  });
}

/** A session of a role, in which answers and refusals come in turn; then it answers. */
function sessionOf(lifeMs: number, ...outcomes: readonly (CallError | null)[]) {
  const time = virtualTime();
  const left = [...outcomes];
  const cloud: Partial<Cloud> = {
    async isFlowLogServiceActivated() {
      const error = left.shift() ?? null;
      if (error !== null) throw error;
      return { value: true, exchange: EXCHANGE };
    },
  };
  const assumeRole = vi.fn<AssumeRole>(async (): Promise<RoleSession> => ({
    cloud: cloud as Cloud,
    expiresAtMs: time.clock().getTime() + lifeMs,
  }));
  const session = new MemberSession(ROLE, assumeRole, time.clock);
  return { session, assumeRole, advance: time.advance };
}

async function ask({ cloud }: MemberSession): Promise<unknown> {
  return cloud.isFlowLogServiceActivated("cn-a", LIMIT).catch((error: unknown) => error);
}

describe("the session of a role", () => {
  test("is opened once for all who ask at once", async () => {
    const { session, assumeRole } = sessionOf(3_600_000);
    await Promise.all(Array.from({ length: 30 }, async () => session.refresh()));
    expect(session.refresh()).toBeUndefined();
    expect(await ask(session)).toMatchObject({ value: true });
    expect(assumeRole).toHaveBeenCalledOnce();
  });

  test.each([
    [3_600_000, 54.9 * 60_000, 55.1 * 60_000],
    [900_000, 9.9 * 60_000, 10.1 * 60_000],
    [2_000, 900, 1_100],
  ])("of %i ms is good after %i ms, and renewed after %i ms", async (lifeMs, goodMs, overMs) => {
    const { session, assumeRole, advance } = sessionOf(lifeMs);
    await session.refresh();
    advance(goodMs);
    expect(session.refresh()).toBeUndefined();
    advance(overMs - goodMs);
    await session.refresh();
    expect(session.refresh()).toBeUndefined();
    expect(assumeRole).toHaveBeenCalledTimes(2);
  });

  test.each([0, -3_600_000])(
    "that seems to be over already (%i ms) is not renewed at each call",
    async (lifeMs) => {
      const { session, assumeRole, advance } = sessionOf(lifeMs);
      for (let call = 0; call < 100; call += 1) {
        await session.refresh();
        await ask(session);
        advance(100);
      }
      expect(assumeRole).toHaveBeenCalledOnce();
    },
  );

  test("that the service calls expired is replaced, and the call may be made again", async () => {
    const { session, assumeRole } = sessionOf(3_600_000, refusal("InvalidSecurityToken.Expired"));
    await session.refresh();
    expect(await ask(session)).toMatchObject({ code: "CREDENTIALS_INVALID", retryable: "always" });
    await session.refresh();
    expect(await ask(session)).toMatchObject({ value: true });
    expect(assumeRole).toHaveBeenCalledTimes(2);
  });

  test("is replaced once for all calls that found it expired", async () => {
    const expired = refusal("InvalidSecurityToken.Expired");
    const { session, assumeRole } = sessionOf(3_600_000, expired, expired, expired);
    await session.refresh();
    const answers = await Promise.all([ask(session), ask(session), ask(session)]);
    expect(answers).toMatchObject(Array(3).fill({ retryable: "always" }));
    await Promise.all([session.refresh(), session.refresh()]);
    expect(assumeRole).toHaveBeenCalledTimes(2);
  });

  test("is not replaced again where the new one is called expired too", async () => {
    const expired = refusal("InvalidSecurityToken.Expired");
    const { session, assumeRole } = sessionOf(3_600_000, expired, expired);
    await session.refresh();
    await ask(session);
    await session.refresh();
    expect(await ask(session)).toBe(expired);
    expect(session.refresh()).toBeUndefined();
    expect(assumeRole).toHaveBeenCalledTimes(2);
  });

  test("is not replaced where one region refuses it for another reason", async () => {
    const refused = refusal("InvalidAccessKeyId.NotFound");
    const { session } = sessionOf(3_600_000, refused);
    await session.refresh();
    expect(await ask(session)).toBe(refused);
    expect(session.refresh()).toBeUndefined();
  });
});

describe("where the role cannot be assumed again", () => {
  const error = new UnreadableError("SERVICE_ERROR", "STS fails.", { evidence: NO_EVIDENCE });

  test("a session that still holds is used to its end, and then no call is made", async () => {
    const { session, assumeRole, advance } = sessionOf(600_000);
    await session.refresh();
    assumeRole.mockRejectedValue(error);
    advance(301_000);
    await session.refresh();
    expect(session.refresh()).toBeUndefined();
    expect(await ask(session)).toMatchObject({ value: true });
    advance(300_000);
    await expect(session.refresh()).rejects.toBe(error);
    const asked = assumeRole.mock.calls.length;
    await expect(session.refresh()).rejects.toBe(error);
    expect(assumeRole).toHaveBeenCalledTimes(asked);
  });

  test("and the session is expired, the account cannot be read", async () => {
    const { session, assumeRole } = sessionOf(3_600_000, refusal("InvalidSecurityToken.Expired"));
    await session.refresh();
    assumeRole.mockRejectedValue(error);
    await ask(session);
    await expect(session.refresh()).rejects.toBe(error);
    expect(await ask(session)).toBe(error);
  });
});
