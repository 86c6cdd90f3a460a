import { describe, expect, test } from "vitest";

import { reportsFailure } from "../../../shared/notify/answer/reports-failure.ts";

function judge(body: unknown, contentType?: string): boolean {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return reportsFailure({
    text,
    headers: contentType === undefined ? {} : { "content-type": contentType },
  });
}

/** Answers of receivers that have accepted a message, by their documentation or as observed. */
describe("a success", () => {
  test.each<[string, unknown, string?]>([
    ["nothing at all", ""],
    ["healthchecks", "OK"],
    ["Slack and Mattermost", "ok"],
    ["Make", "Accepted"],
    ["IFTTT", "Congratulations! You've fired the flow_logs event"],
    ["Zapier", { attempt: "018f", id: "018f", request_id: "018f", status: "success" }],
    ["n8n", { message: "Workflow was started" }],
    ["n8n, when the last node ends", [{ id: 1, errors: 0, error: null }]],
    ["Splunk HEC", { text: "Success", code: 0 }],
    ["PagerDuty Events v2", { status: "success", message: "Event processed", dedup_key: "a" }],
    ["Opsgenie", { result: "Request will be processed", took: 0.302, requestId: "43a2" }],
    ["VictorOps", { result: "success", entity_id: "disk" }],
    ["Prometheus' first API", { status: "success" }],
    ["Uptime Kuma", { ok: true }],
    ["Rocket.Chat", { success: true }],
    ["Telegram", { ok: true, result: { message_id: 7, text: "Error: the region is open" } }],
    ["Elasticsearch", { _index: "alerts", result: "created", _shards: { total: 2, failed: 0 } }],
    [
      "ntfy, which echoes the message",
      { event: "message", message: `{"x":"Error ${"x".repeat(300)}"}` },
    ],
    ["ServiceNow", { result: { status: "success", sys_id: "9d38" } }],
    ["an AWS Lambda behind its address", '"Hello from Lambda!"'],
    ["a message about success", { message: "ok" }],
    ["a message in Chinese", { code: 0, msg: "操作成功" }],
    ["a count in Chinese", { msg: "发送成功1条，失败0条" }],
    ["a code of success that is not 0", { code: 1, msg: "success" }],
    ["another", { code: 10_000, msg: "Success." }],
    ["a code as text", { code: "0000", message: "SUCCESS" }],
    ["a code that is an id", { code: "7f3a91" }],
    ["an HTTP status", { statusCode: 202, status: 202, body: "" }],
    ["a small status, which may mean either", { status: 1 }],
    ["the other one", { status: 0, result: 0 }],
    ["no error", { error: "none", errors: {}, errorMessage: "" }],
    [
      "an explicit success beside any text",
      { errcode: 0, errmsg: "ok", message: "Invalid users: none" },
    ],
    [
      "the message itself",
      {
        type: "flowlog-guard.alert",
        data: { summary: {}, findings: [{ status: "NON_COMPLIANT" }] },
      },
    ],
    ["a queue", { status: "queued" }],
    ["a firing alert", { status: "firing", state: "open" }],
    ["a text without a format", "p", "text/html; charset=utf-8"],
    ["XML", '<?xml version="1.0"?><response><status>ok</status></response>'],
    ["XML by its type", "<Response/>", "application/xml"],
    ["null", "null"],
    ["true", "true"],
  ])("%s", (_who, body, contentType) => {
    expect(judge(body, contentType)).toBe(false);
  });
});

describe("a failure", () => {
  test.each<[string, unknown, string?]>([
    ["a log-in page", "<!doctype html><title>Log in</title>"],
    ["one after a byte order mark and a line", "\ufeff\n  <!DOCTYPE HTML PUBLIC><p>"],
    ["one that has comments first", "<!-- x -->\n<html lang=en>"],
    ["one in XHTML", '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML"><html>'],
    ["a page that only redirects", '<script>location="/login"</script>'],
    ["an error in XML", '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    ["an API gateway", { message: "Unauthorized" }],
    ["an API gateway without a token", { message: "Missing Authentication Token" }],
    ["an API gateway's time-out", { message: "Endpoint request timed out" }],
    ["an API gateway that forbids", { Message: null, message: "Forbidden" }],
    ["an IAM policy", { message: "User is not authorized to access this resource" }],
    [
      "an AWS Lambda that failed",
      { errorMessage: "2026-11-28 Task timed out", errorType: "Error" },
    ],
    ["a status in the body", { statusCode: 401, body: '{"message":"no"}' }],
    ["a result in a word", { result: "error" }],
    ["VictorOps", { result: "failure", messages: "Invalid" }],
    ["Alertmanager's first API", { status: "error", errorType: "bad_data", error: "x" }],
    ["the same without the text", { status: "error" }],
    ["hosted healthchecks, of no such check", "OK (not found)"],
    ["hosted healthchecks, of too many pings", "OK (rate limited)"],
    ["Uptime Kuma", { ok: false, msg: "Monitor not found or not active." }],
    ["Splunk HEC", { text: "Invalid token", code: 4 }],
    ["n8n", { code: 404, message: 'The requested webhook "x" is not registered.' }],
    ["Django REST framework", { detail: "Authentication credentials were not provided." }],
    ["a code in words", { code: "AccessDenied", message: "x" }],
    ["a permission", { detail: "You do not have permission to perform this action." }],
    ["a signature", { message: "Signature verification failed" }],
    ["DingTalk", { errcode: 310_000, errmsg: "keywords" }],
    ["DingTalk behind a gateway", { result: { errcode: 310_000 } }],
    ["GraphQL", { data: { alert: null }, errors: [{ message: "x" }] }],
    ["a flag", { success: "false" }],
    ["a word in Chinese", { code: 1, msg: "签名错误" }],
    ["a word alone", "error"],
    ["a sentence", "Forbidden: bad token"],
    ["a JSON text", '"Unauthorized"'],
    ["false", "false"],
    ["a list", [{ ok: true }, { error: "x" }]],
  ])("%s", (_who, body, contentType) => {
    expect(judge(body, contentType)).toBe(true);
  });
});
