import { expect, test } from "vitest";

import { deliver } from "../../../shared/notify/deliver.ts";
import { signDingtalkUrl } from "../../../shared/notify/dingtalk.ts";
import { feishuSignature } from "../../../shared/notify/feishu.ts";
import { createReceivers, type ReceiverOptions } from "../../../shared/notify/receivers.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const NOW = new Date(1_700_000_000_999);

async function caughtAt(options: Pick<ReceiverOptions, "type" | "secret">) {
  await using catcher = await startWebhookCatcher();
  const [receiver] = createReceivers([{ ...options, url: catcher.url }], DIRECT);
  if (receiver === undefined) throw new Error("there is a receiver");
  await deliver(receiver, alertWith(["opened"]), { clock: () => NOW });
  return { ...catcher.messages[0], composed: receiver.compose(alertWith(["opened"]), 1)[0]?.body };
}

test.each([
  ["SECtest", "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="],
  ["SECx", "rgcjbH+yFyES+S0llX+cAPCwVRpsr7sbiX5Lnyo/ocU="],
])("signs DingTalk's address with %s as %s", (secret, sign) => {
  const signed = signDingtalkUrl("https://h/robot/send?access_token=t", secret, 1_700_000_000_000);
  expect(signed).toBe(
    `https://h/robot/send?access_token=t&timestamp=1700000000000&sign=${encodeURIComponent(sign)}`,
  );
});

test("signs for DingTalk in the address, with the milliseconds of the attempt", async () => {
  const { path, body } = await caughtAt({ type: "dingtalk", secret: "SECx" });
  expect(path).toMatch(/\?token=[\w-]+&timestamp=1700000000999&sign=[\w%]+$/);
  expect(body).not.toContain("sign");
});

// https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
test("signs for Feishu with the timestamp and the secret as the key, over an empty text", () => {
  expect(feishuSignature("mysecret", 1_700_000_000_999)).toEqual({
    timestamp: "1700000000",
    sign: "Jp33/xXhCipDEpjyHvEyc7mRSyXWHbNz6J8+C3qQKNo=",
  });
});

test("signs for Feishu in the body that is sent, not in the composed message", async () => {
  const { body, path, composed } = await caughtAt({ type: "feishu", secret: "mysecret" });
  expect(JSON.parse(String(body))).toMatchObject({
    timestamp: "1700000000",
    sign: "Jp33/xXhCipDEpjyHvEyc7mRSyXWHbNz6J8+C3qQKNo=",
    msg_type: "interactive",
  });
  expect(path).not.toContain("sign");
  expect(composed).not.toHaveProperty("sign");
});

test.each(["dingtalk", "feishu"] as const)(
  "does not sign for %s without a secret",
  async (type) => {
    const { body, path } = await caughtAt({ type });
    expect(`${path} ${body}`).not.toContain("sign");
  },
);
