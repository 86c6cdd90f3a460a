import { expect, test } from "vitest";

import { readTokenPages } from "../../../shared/run/read-pages.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { askCloud } from "../../harness/ask-cloud.ts";

test("a list by tokens whose items go while it is read has no gap", async () => {
  const networkInterfaces = Array.from({ length: 1_200 }, (_, index) => ({
    networkInterfaceId: `eni-${String(index).padStart(4, "0")}`,
    vpcId: "vpc-1",
    vSwitchId: "vsw-1",
  }));
  const ids = networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId);
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: true, networkInterfaces } },
    onRequest: ({ query }) => {
      // The last one of the first page goes.
      if (query["NextToken"] !== undefined) networkInterfaces.splice(499, 1);
    },
  });
  const { value } = await askCloud(emulator, (cloud, limit) =>
    readTokenPages(
      (token) => cloud.listNetworkInterfaces("cn-a", token, limit),
      ({ networkInterfaceId }) => networkInterfaceId,
    ),
  );
  const read = new Set(value.map(({ networkInterfaceId }) => networkInterfaceId));
  expect(ids.filter((id) => !read.has(id))).toEqual([]);
  expect(emulator.requests).toHaveLength(3);
});
