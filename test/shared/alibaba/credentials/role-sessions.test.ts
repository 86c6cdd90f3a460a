import { describe, expect, test } from "vitest";

import { RoleSessions } from "../../../../shared/alibaba/credentials/role-sessions.ts";
import { virtualTime } from "../../../harness/virtual-time.ts";

const MINUTE = 60_000;

/** Sessions of an hour, or another life, that are counted; and a service that can be switched off. */
function start(lifeMs = 60 * MINUTE) {
  const time = virtualTime();
  const sessions = new RoleSessions(time.clock);
  const service = { opened: 0, down: false };
  const open = async () => {
    service.opened += 1;
    const number = service.opened;
    await Promise.resolve();
    if (service.down) throw new Error("the service is down");
    const expiresAtMs = time.clock().getTime() + lifeMs;
    return {
      accessKeyId: `STS.${number}`,
      accessKeySecret: "secret",
      securityToken: "token",
      expiresAtMs,
    };
  };
  const idOf = async (subject = "role") => (await sessions.keys(subject, open)).accessKeyId;
  return { time, service, idOf };
}

describe("the keys of a session", () => {
  test("are asked for once by many at once, and once for each session", async () => {
    const { service, idOf } = start();
    const ids = await Promise.all(Array.from({ length: 20 }, () => idOf()));
    expect(new Set(ids)).toEqual(new Set(["STS.1"]));
    expect(await idOf("another")).toBe("STS.2");
    expect(service.opened).toBe(2);
  });

  test("are used again, and renewed a quarter of an hour before they end", async () => {
    const { time, idOf } = start();
    expect(await idOf()).toBe("STS.1");
    time.advance(44 * MINUTE);
    expect(await idOf()).toBe("STS.1");
    time.advance(MINUTE);
    expect(await idOf()).toBe("STS.2");
  });

  test("of a short session are renewed at half of its life", async () => {
    const { time, idOf } = start(16 * MINUTE);
    await idOf();
    time.advance(7 * MINUTE);
    expect(await idOf()).toBe("STS.1");
    time.advance(MINUTE);
    expect(await idOf()).toBe("STS.2");
  });

  test("that cannot be renewed are used while they are valid, and never once they are not", async () => {
    const { time, service, idOf } = start();
    await idOf();
    service.down = true;
    time.advance(58 * MINUTE);
    expect(await idOf()).toBe("STS.1");
    time.advance(1.5 * MINUTE);
    await expect(idOf()).rejects.toThrow("the service is down");
    service.down = false;
    expect(await idOf()).toBe("STS.4");
  });
});
