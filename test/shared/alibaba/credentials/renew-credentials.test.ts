import { describe, expect, test } from "vitest";

import { renewCredentials } from "../../../../shared/alibaba/credentials/renew-credentials.ts";
import { CredentialsError } from "../../../../shared/audit/run-error.ts";
import { virtualTime } from "../../../harness/virtual-time.ts";

const MINUTE = 60_000;

/** Credentials that are counted, and can be missing. */
function start(
  { securityToken }: { readonly securityToken?: string } = { securityToken: "token" },
) {
  const time = virtualTime();
  const source = { found: 1, isMissing: false };
  const find = async () => {
    source.found += 1;
    const accessKeyId = `STS.${source.found}`;
    await Promise.resolve();
    if (source.isMissing) throw new CredentialsError("There are none.");
    return { accessKeyId, accessKeySecret: "secret", securityToken };
  };
  const first = { accessKeyId: "STS.1", accessKeySecret: "secret", securityToken };
  const current = renewCredentials(first, find, time.clock);
  return { time, source, idOf: async () => (await current()).accessKeyId };
}

describe("the credentials of a long run", () => {
  test("are found again after five minutes, once for many at once", async () => {
    const { time, source, idOf } = start();
    expect(await idOf()).toBe("STS.1");
    time.advance(5 * MINUTE - 1);
    expect(await idOf()).toBe("STS.1");
    time.advance(1);
    const ids = await Promise.all(Array.from({ length: 20 }, idOf));
    expect(new Set(ids)).toEqual(new Set(["STS.2"]));
    expect(await idOf()).toBe("STS.2");
    expect(source.found).toBe(2);
  });

  test("are never found again where they are permanent", async () => {
    const { time, source, idOf } = start({});
    time.advance(600 * MINUTE);
    expect(await idOf()).toBe("STS.1");
    expect(source.found).toBe(1);
  });

  test("are the last ones where they cannot be found, which is tried again after a minute", async () => {
    const { time, source, idOf } = start();
    source.isMissing = true;
    time.advance(5 * MINUTE);
    expect(await idOf()).toBe("STS.1");
    source.isMissing = false;
    time.advance(MINUTE - 1);
    expect(await idOf()).toBe("STS.1");
    time.advance(1);
    expect(await idOf()).toBe("STS.3");
  });
});
