import type { DeliveryFailureCode } from "../../../shared/notify/delivery-error.ts";
import type { ReceiverType } from "../../../shared/notify/receivers.ts";
import type { CatcherAnswer } from "../../harness/webhook-catcher.ts";

export type VendorAnswer = Exclude<CatcherAnswer, string>;

/** An answer, the code that it fails with, after how many attempts, and what the message says. */
type Refusal = readonly [
  answer: VendorAnswer,
  code: DeliveryFailureCode,
  attempts: number,
  says?: string | RegExp,
];

/** How one type of receiver answers. */
interface VendorAnswers {
  readonly accepted: readonly VendorAnswer[];
  readonly refusals: readonly Refusal[];
  /** Answers that are a success to HTTP, and do not confirm the delivery. */
  readonly unconfirmed: readonly VendorAnswer[];
  /** How it answers a message that is too long for it. */
  readonly tooLong: VendorAnswer;
  /** Whether an alert is split by a limit of its length. @default true */
  readonly hasLimit?: false;
  /** Whether a message may be sent again after a timeout. */
  readonly dropsRepeats: boolean;
  /** A secret in the form that the type requires; left out where it cannot sign. */
  readonly secret?: string;
}

const PAGE: VendorAnswer = { status: 200, body: "<!doctype html><title>Log in</title>" };

function json(body: unknown, status = 200): VendorAnswer {
  return { status, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

/** How receivers without codes of their own, or gateways before them, report a failure with HTTP 200. */
const REPORTS: readonly VendorAnswer[] = [
  PAGE,
  json({ ok: false }),
  json({ error: "no" }),
  json({ message: "Unauthorized" }),
  json({ result: "error" }),
  { status: 200, body: "Forbidden" },
];

function errcode(code: number | string, errmsg = "hook-token-88fe", status = 200): VendorAnswer {
  return json({ errcode: code, errmsg }, status);
}

function feishuCode(code: number, status = 200): VendorAnswer {
  return json({ code, msg: "hook-token-88fe", data: {} }, status);
}

/** How each type of receiver answers, by its documentation or as observed. */
export const VENDOR_ANSWERS: Readonly<Record<ReceiverType, VendorAnswers>> = {
  webhook: {
    accepted: [{ status: 200 }, { status: 204 }, { status: 202, body: "queued" }],
    refusals: [],
    unconfirmed: [json({ errcode: 310000 }), ...REPORTS],
    tooLong: { status: 413 },
    dropsRepeats: true,
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  },
  dingtalk: {
    accepted: [errcode(0, "ok"), errcode("0", "ok")],
    refusals: [
      ...[410100, 130101, 660026, 90002].map((code): Refusal => [
        errcode(code),
        "THROTTLED",
        1,
        `errcode ${code}, too many`,
      ]),
      ...[300001, 300005, 400101].map((code): Refusal => [
        errcode(code),
        "REJECTED",
        1,
        "does not know the token",
      ]),
      [errcode("410100"), "THROTTLED", 1],
      [errcode(130101, "x", 429), "THROTTLED", 1],
      [errcode(400102), "REJECTED", 1, "switched off"],
      [errcode(400106), "REJECTED", 1, "the robot does not exist"],
      [errcode(400013), "REJECTED", 1, "the group does not exist"],
      [errcode(430101), "REJECTED", 1, "unsafe"],
      [errcode(430104), "REJECTED", 1, "unsafe"],
      [errcode(310000, "keywords not in content, more: [https://x]"), "REJECTED", 1, '"keyword"'],
      [
        errcode(310000, "description:关键词不匹配;solution:请包含此关键词;"),
        "REJECTED",
        1,
        '"keyword"',
      ],
      [errcode(310000, "sign not match, more: [https://x]"), "REJECTED", 1, '"secret"'],
      [errcode(310000, "invalid timestamp"), "REJECTED", 1, "clock"],
      [errcode(310000, "description:机器人发送签名不匹配;"), "REJECTED", 1, '"secret"'],
      [errcode(310000, "ip 203.0.113.9 not in whitelist"), "REJECTED", 1, "IP addresses"],
      [errcode(310000, "something else"), "REJECTED", 1, "security settings"],
      [errcode(999999), "REJECTED", 1, "errcode 999999"],
      [errcode(-1), "SERVER_ERROR", 3, "errcode -1"],
      [errcode("-1"), "SERVER_ERROR", 3],
      [errcode(-1, "x", 400), "SERVER_ERROR", 3],
      [errcode(500100), "SERVER_ERROR", 3, "errcode 500100"],
      [errcode(500100, "x", 400), "SERVER_ERROR", 3],
    ],
    unconfirmed: [
      PAGE,
      json({ status: 1111, wait: 5, source: "x", punish: "deny" }),
      json({}),
      json([{ errcode: 0 }]),
      json({ errcode: null }),
      json({ errcode: "ok" }),
      errcode(0, "ok", 400),
      { status: 200 },
    ],
    tooLong: errcode(460101),
    dropsRepeats: true,
    secret: "SEC5d1f7ac2b3",
  },
  feishu: {
    accepted: [
      json({ code: 0, msg: "success", data: {} }),
      json({ StatusCode: 0, StatusMessage: "success" }),
      json({ code: 0 }, 201),
    ],
    refusals: [
      [feishuCode(11232), "THROTTLED", 3, "too many messages"],
      [feishuCode(11247), "THROTTLED", 3, "too many messages"],
      [feishuCode(11232, 429), "THROTTLED", 3],
      [feishuCode(11247, 400), "THROTTLED", 3],
      [feishuCode(99991400), "THROTTLED", 3, "too many messages"],
      [feishuCode(99991400, 400), "THROTTLED", 3, "too many messages"],
      [feishuCode(99991400, 429), "THROTTLED", 3],
      [json({ code: 9499, msg: "too many request" }), "THROTTLED", 3, "too many messages"],
      [json({ code: 9499, msg: "too many request" }, 400), "THROTTLED", 3],
      [
        json({ code: 230020, msg: "This operation triggers the frequency limit." }, 400),
        "THROTTLED",
        3,
      ],
      [json({ code: 4712, msg: "create message trigger rate limit" }, 400), "THROTTLED", 3],
      // The wait is in Feishu's own header; an hour is longer than a delivery.
      [
        { ...feishuCode(99991400, 429), headers: { "x-ogw-ratelimit-reset": "3600" } },
        "THROTTLED",
        1,
      ],
      [json({ StatusCode: 19001 }), "REJECTED", 1, "does not know the token"],
      [feishuCode(19001), "REJECTED", 1, "does not know the token"],
      [feishuCode(19002), "REJECTED", 1, "parameter"],
      [feishuCode(19021), "REJECTED", 1, /"secret".*clock/],
      [feishuCode(19022), "REJECTED", 1, "not allowed"],
      [feishuCode(19024), "REJECTED", 1, '"keyword"'],
      [feishuCode(9499), "REJECTED", 1, "malformed"],
      [feishuCode(9499, 400), "REJECTED", 1, "malformed"],
      [feishuCode(4711), "REJECTED", 1, "code 4711"],
    ],
    unconfirmed: [
      PAGE,
      json({}),
      feishuCode(0, 400),
      json({ msg: "success" }),
      { status: 200, body: "ok" },
    ],
    tooLong: feishuCode(19036, 400),
    dropsRepeats: false,
    secret: "kT3f9aQ0xY",
  },
  wecom: {
    accepted: [errcode(0, "ok")],
    refusals: [
      [errcode(45009), "THROTTLED", 1, "20 a minute"],
      [errcode(45033), "THROTTLED", 1],
      [errcode(-1), "SERVER_ERROR", 3, "errcode -1"],
      [errcode(-1, "x", 400), "SERVER_ERROR", 3],
      [errcode(93000), "REJECTED", 1, "does not know the address"],
      [errcode(4711), "REJECTED", 1, "errcode 4711"],
    ],
    unconfirmed: [
      PAGE,
      json({}),
      errcode(0, "ok", 400),
      json({ errmsg: "ok" }),
      { status: 200, body: "ok" },
    ],
    tooLong: errcode(40058),
    dropsRepeats: false,
  },
  slack: {
    accepted: [
      { status: 200, body: "ok" },
      { status: 200, body: "ok\n" },
    ],
    refusals: [
      [{ status: 404, body: "channel_not_found" }, "REJECTED", 1, "channel_not_found"],
      [{ status: 410, body: "channel_is_archived" }, "REJECTED", 1, "channel that is there"],
      [{ status: 404, body: "no_service" }, "REJECTED", 1, "does not exist any more"],
      [{ status: 403, body: "invalid_token" }, "REJECTED", 1, "invalid_token"],
      [{ status: 403, body: "action_prohibited" }, "REJECTED", 1, "administrator"],
      [{ status: 400, body: "invalid_blocks" }, "REJECTED", 1, "invalid_blocks"],
      [{ status: 200, body: "invalid_payload" }, "REJECTED", 1, "invalid_payload"],
      [{ status: 400, body: "hook-token-88fe" }, "REJECTED", 1, "HTTP 400"],
      [{ status: 503, body: "rollup_error" }, "SERVER_ERROR", 3],
    ],
    unconfirmed: [PAGE, json({ ok: true }), { status: 200 }, { status: 202, body: "ok" }],
    tooLong: { status: 400, body: "msg_blocks_too_long" },
    dropsRepeats: false,
  },
  teams: {
    accepted: [{ status: 202 }, { status: 200 }],
    refusals: [],
    unconfirmed: [
      { status: 204 },
      json({ error: { code: "WorkflowTriggerIsNotEnabled" } }),
      ...REPORTS,
    ],
    tooLong: { status: 413 },
    dropsRepeats: false,
  },
  alertmanager: {
    accepted: [{ status: 200 }, { status: 202 }, json({ status: "success" })],
    // As Alertmanager 0.25 answered what is not JSON, and an alert without labels.
    refusals: [
      [
        json({ code: 400, message: "parsing alerts body from hook-token-88fe" }, 400),
        "REJECTED",
        1,
      ],
      [{ status: 400, body: '"at least one label pair required"\n' }, "REJECTED", 1],
    ],
    unconfirmed: [
      // Its first API, and Mimir's.
      json({ status: "error", errorType: "bad_data", error: "unexpected EOF" }),
      json({ status: "error" }),
      ...REPORTS,
    ],
    tooLong: { status: 413 },
    hasLimit: false,
    dropsRepeats: true,
  },
};
