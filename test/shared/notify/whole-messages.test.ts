import { describe, expect, test } from "vitest";

import type { Finding } from "../../../shared/audit/finding.ts";
import type { Language } from "../../../shared/notify/receiver-options.ts";
import { alertWith, SINCE_MS } from "../../harness/alert-with.ts";
import { ENGLISH_NAMES, inRealRegion } from "../../harness/real-regions.ts";
import { bodiesOf, textOf } from "./read-bodies.ts";

const ALERT = alertWith(["opened", "resolved"], {
  others: ["NON_COMPLIANT", "INSUFFICIENT_DATA"],
  edit: (finding) => ({ ...finding, localName: `华东（${finding.regionId}）` }),
});

/** One whole message of each receiver, in its default language. */
describe("whole messages", () => {
  test("of DingTalk", () => {
    const mentions = { mobiles: ["13800000000"], userIds: ["u1"], everyone: false };
    expect(bodiesOf("dingtalk", ALERT, { mentions })).toMatchInlineSnapshot(`
      [
        {
          "at": {
            "atMobiles": [
              "13800000000",
            ],
            "atUserIds": [
              "u1",
            ],
            "isAtAll": false,
          },
          "markdown": {
            "text": "### 未开通：cn-r0；已恢复，现已开通：cn-r1 · VPC 流日志功能 [flowlog-guard]

      **cn-r0** 华东（cn-r0）：未开通 VPC 流日志功能  
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起  
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · 修复命令：aliyun vpc OpenFlowLogService --region cn-r0

      **cn-r1** 华东（cn-r1）：已恢复，VPC 流日志功能已开通  
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）  
      [创建流日志](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)

      此前已通知，仍未开通：cn-r2

      状态无法读取（TIMEOUT，响应超时）：cn-r3

      TIMEOUT 的处理方法：检查到该地域的网络，或调大 timeout。  
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。  
      仍需创建流日志：仅开通功能不会记录任何流量。  
      已读取 3/4 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件

      @13800000000 @u1",
            "title": "未开通：cn-r0；已恢复，现已开通：cn-r1 · VPC 流日志功能 [flowlog-guard]",
          },
          "msgUuid": "msg_fbf59cc01213220ddc625c8bad436cc9",
          "msgtype": "markdown",
        },
      ]
    `);
  });

  test("of Feishu", () => {
    const mentions = { userIds: ["ou_1"], everyone: true };
    expect(bodiesOf("feishu", ALERT, { mentions })).toMatchInlineSnapshot(`
      [
        {
          "card": {
            "body": {
              "elements": [
                {
                  "content": "**cn-r0** 华东（cn-r0）：未开通 VPC 流日志功能<br>账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起<br>[控制台](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`",
                  "tag": "markdown",
                },
                {
                  "content": "**cn-r1** 华东（cn-r1）：已恢复，VPC 流日志功能已开通<br>账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）<br>[创建流日志](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)",
                  "tag": "markdown",
                },
                {
                  "content": "此前已通知，仍未开通：cn-r2",
                  "tag": "markdown",
                },
                {
                  "content": "状态无法读取（\`TIMEOUT\`，响应超时）：cn-r3",
                  "tag": "markdown",
                },
                {
                  "content": "\`TIMEOUT\` 的处理方法：检查到该地域的网络，或调大 \`timeout\`。<br>开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。<br>仍需创建流日志：仅开通功能不会记录任何流量。<br>已读取 3/4 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件",
                  "tag": "markdown",
                },
                {
                  "content": "<at id=all></at> <at id=ou_1></at>",
                  "tag": "markdown",
                },
                {
                  "content": "[flowlog-guard]",
                  "tag": "markdown",
                },
              ],
            },
            "header": {
              "template": "red",
              "title": {
                "content": "未开通：cn-r0；已恢复，现已开通：cn-r1 · VPC 流日志功能 [flowlog-guard]",
                "tag": "plain_text",
              },
            },
            "schema": "2.0",
          },
          "msg_type": "interactive",
        },
      ]
    `);
  });

  test("of WeCom", () => {
    const mentions = { userIds: ["zhang"] };
    expect(bodiesOf("wecom", ALERT, { mentions })).toMatchInlineSnapshot(`
      [
        {
          "markdown": {
            "content": "<font color="warning">未开通：cn-r0；已恢复，现已开通：cn-r1 · VPC 流日志功能</font> [flowlog-guard]

      **cn-r0** 华东（cn-r0）：未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`

      **cn-r1** 华东（cn-r1）：已恢复，VPC 流日志功能已开通
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      [创建流日志](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)

      此前已通知，仍未开通：cn-r2

      状态无法读取（\`TIMEOUT\`，响应超时）：cn-r3

      \`TIMEOUT\` 的处理方法：检查到该地域的网络，或调大 \`timeout\`。
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      仍需创建流日志：仅开通功能不会记录任何流量。
      已读取 3/4 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件

      <@zhang>",
          },
          "msgtype": "markdown",
        },
      ]
    `);
  });

  test("of Slack", () => {
    const mentions = { userIds: ["U012"], everyone: true };
    expect(bodiesOf("slack", ALERT, { mentions })).toMatchInlineSnapshot(`
      [
        {
          "blocks": [
            {
              "text": {
                "text": "Not activated: cn-r0; resolved, now activated: cn-r1 · VPC flow log service [flowlog-guard]",
                "type": "plain_text",
              },
              "type": "header",
            },
            {
              "text": {
                "text": "*cn-r0*: the VPC flow log service is not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs|Console> · Fix: \`aliyun vpc OpenFlowLogService --region cn-r0\`",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
            {
              "text": {
                "text": "*cn-r1*: resolved, the VPC flow log service is activated
      Account 1234567890123456 · the problem began 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs|Create a flow log>",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
            {
              "text": {
                "text": "Still not activated (already notified): cn-r2",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
            {
              "text": {
                "text": "Could not be read (\`TIMEOUT\`, no answer in time): cn-r3",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
            {
              "text": {
                "text": "What to do about \`TIMEOUT\`: check the network to the region, or raise \`timeout\`.
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Still to do: create a flow log. Activation alone records nothing.
      Read 3 of 4 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
            {
              "text": {
                "text": "<!channel> <@U012>",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
          ],
          "text": "Not activated: cn-r0; resolved, now activated: cn-r1 · VPC flow log service [flowlog-guard]",
        },
      ]
    `);
  });

  test("of Teams", () => {
    const mentions = { userIds: ["li@example.com"] };
    expect(bodiesOf("teams", ALERT, { mentions })).toMatchInlineSnapshot(`
      [
        {
          "attachments": [
            {
              "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "body": [
                  {
                    "color": "Attention",
                    "size": "Medium",
                    "text": "Not activated: cn-r0; resolved, now activated: cn-r1 · VPC flow log service [flowlog-guard]",
                    "type": "TextBlock",
                    "weight": "Bolder",
                    "wrap": true,
                  },
                  {
                    "text": "**cn-r0**: the VPC flow log service is not activated",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "spacing": "None",
                    "text": "Account 1234567890123456 · since 2026-11-20 08:17 UTC",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "spacing": "None",
                    "text": "[Console](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · Fix: aliyun vpc OpenFlowLogService --region cn-r0",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "separator": true,
                    "text": "**cn-r1**: resolved, the VPC flow log service is activated",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "spacing": "None",
                    "text": "Account 1234567890123456 · the problem began 2026-11-20 08:17 UTC",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "spacing": "None",
                    "text": "[Create a flow log](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "separator": true,
                    "text": "Still not activated (already notified): cn-r2",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "separator": true,
                    "text": "Could not be read (TIMEOUT, no answer in time): cn-r3",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "separator": true,
                    "text": "What to do about TIMEOUT: check the network to the region, or raise timeout.",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "spacing": "None",
                    "text": "Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "spacing": "None",
                    "text": "Still to do: create a flow log. Activation alone records nothing.",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "spacing": "None",
                    "text": "Read 3 of 4 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "text": "<at>li@example.com</at>",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                ],
                "msteams": {
                  "entities": [
                    {
                      "mentioned": {
                        "id": "li@example.com",
                        "name": "li@example.com",
                      },
                      "text": "<at>li@example.com</at>",
                      "type": "mention",
                    },
                  ],
                  "width": "Full",
                },
                "type": "AdaptiveCard",
                "version": "1.4",
              },
              "contentType": "application/vnd.microsoft.card.adaptive",
              "contentUrl": null,
            },
          ],
          "type": "message",
        },
      ]
    `);
  });

  test("of Alertmanager", () => {
    expect(bodiesOf("alertmanager", ALERT)).toMatchInlineSnapshot(`
      [
        [
          {
            "annotations": {
              "command": "aliyun vpc OpenFlowLogService --region cn-r0",
              "command_note": "Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.",
              "console": "https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs",
              "controls": "precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3",
              "description": "What is the matter with cn-r0.",
              "summary": "cn-r0: the VPC flow log service is not activated",
            },
            "endsAt": "2026-11-22T12:00:01.200Z",
            "generatorURL": "https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs",
            "labels": {
              "account_id": "1234567890123456",
              "alertname": "VpcFlowLogNotActivated",
              "control": "CIS-2.5",
              "region_id": "cn-r0",
              "rule_id": "flow-log-service-activated",
              "severity": "critical",
            },
            "startsAt": "2026-11-20T08:17:42.000Z",
          },
          {
            "annotations": {
              "console": "https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs",
              "controls": "precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3",
              "description": "What is the matter with cn-r1.",
              "next_step": "Still to do: create a flow log. Activation alone records nothing.",
              "summary": "cn-r1: resolved, the VPC flow log service is activated",
            },
            "endsAt": "2026-11-22T08:00:01.200Z",
            "generatorURL": "https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs",
            "labels": {
              "account_id": "1234567890123456",
              "alertname": "VpcFlowLogNotActivated",
              "control": "CIS-2.5",
              "region_id": "cn-r1",
              "rule_id": "flow-log-service-activated",
              "severity": "critical",
            },
            "startsAt": "2026-11-20T08:17:42.000Z",
          },
        ],
      ]
    `);
  });

  test("in English, if configured for DingTalk", () => {
    expect(textOf("dingtalk", ALERT, { language: "en" })).toMatchInlineSnapshot(`
      "Not activated: cn-r0; resolved, now activated: cn-r1 · VPC flow log service [flowlog-guard]
      ### Not activated: cn-r0; resolved, now activated: cn-r1 · VPC flow log service [flowlog-guard]
      **cn-r0**: the VPC flow log service is not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · Fix: aliyun vpc OpenFlowLogService --region cn-r0
      **cn-r1**: resolved, the VPC flow log service is activated
      Account 1234567890123456 · the problem began 2026-11-20 08:17 UTC
      [Create a flow log](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)
      Still not activated (already notified): cn-r2
      Could not be read (TIMEOUT, no answer in time): cn-r3
      What to do about TIMEOUT: check the network to the region, or raise timeout.
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Still to do: create a flow log. Activation alone records nothing.
      Read 3 of 4 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });

  test("in Chinese, if configured for Slack", () => {
    expect(textOf("slack", ALERT, { language: "zh" })).toMatchInlineSnapshot(`
      "未开通：cn-r0；已恢复，现已开通：cn-r1 · VPC 流日志功能 [flowlog-guard]
      未开通：cn-r0；已恢复，现已开通：cn-r1 · VPC 流日志功能 [flowlog-guard]
      *cn-r0* 华东（cn-r0）：未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      <https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs|控制台> · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`
      *cn-r1* 华东（cn-r1）：已恢复，VPC 流日志功能已开通
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      <https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs|创建流日志>
      此前已通知，仍未开通：cn-r2
      状态无法读取（\`TIMEOUT\`，响应超时）：cn-r3
      \`TIMEOUT\` 的处理方法：检查到该地域的网络，或调大 \`timeout\`。
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      仍需创建流日志：仅开通功能不会记录任何流量。
      已读取 3/4 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
});

const edit = (finding: Finding): Finding => ({
  ...inRealRegion(finding),
  ...(finding.status === "INSUFFICIENT_DATA" && {
    reason: { code: "ACCESS_DENIED", message: "…" },
  }),
});
/** The first region was open since the day before it could no longer be read. */
const openSince = new Map([
  [
    JSON.stringify(["flow-log-service-activated", "1234567890123456", "cn-heyuan"]),
    SINCE_MS - 86_400_000,
  ],
]);

const KINDS = {
  "opened by one": alertWith(["opened"], { edit, others: ["COMPLIANT"] }),
  "opened by thirty": alertWith(
    Array.from({ length: 30 }, () => "opened"),
    { edit },
  ),
  reminder: alertWith(["reminder", "reminder"], { edit, others: ["COMPLIANT"] }),
  "unreadable that was open": alertWith(["unreadable"], { edit, openSince, others: ["COMPLIANT"] }),
  resolved: alertWith(["resolved"], { edit }),
  summary: alertWith([], {
    kind: "summary",
    edit,
    others: ["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"],
  }),
  test: alertWith([], { kind: "test" }),
} as const;

/** The body as it is shown: without the title that only a notification has. */
function shown(type: "dingtalk" | "slack", kind: keyof typeof KINDS, language: Language): string {
  const alert = KINDS[kind];
  const named = language === "en" ? { ...alert, localNames: ENGLISH_NAMES } : alert;
  return textOf(type, named, { language }).split("\n").slice(1).join("\n");
}

describe("each kind, at DingTalk in Chinese", () => {
  test("opened by one", () => {
    expect(shown("dingtalk", "opened by one", "zh")).toMatchInlineSnapshot(`
      "### 未开通：cn-heyuan · VPC 流日志功能 [flowlog-guard]
      华南2（河源）
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs) · 修复命令：aliyun vpc OpenFlowLogService --region cn-heyuan
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      已读取 2/2 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("opened by thirty", () => {
    expect(shown("dingtalk", "opened by thirty", "zh")).toMatchInlineSnapshot(`
      "### 未开通：30 个地域 · VPC 流日志功能 [flowlog-guard]
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      **cn-heyuan** 华南2（河源）、**cn-qingdao** 华北1（青岛）、**cn-beijing** 华北2（北京）、**cn-zhangjiakou** 华北3（张家口）、**cn-huhehaote** 华北5（呼和浩特）、**cn-wulanchabu** 华北6（乌兰察布）、**cn-hangzhou** 华东1（杭州）、**cn-shanghai** 华东2（上海）、**cn-nanjing** 华东5（南京-本地地域）、**cn-fuzhou** 华东6（福州-本地地域）、**cn-wuhan-lr** 华中1（武汉-本地地域）、**cn-shenzhen** 华南1（深圳）、**cn-guangzhou** 华南3（广州）、**cn-chengdu** 西南1（成都）、**cn-hongkong** 中国香港、**ap-southeast-1** 新加坡、**ap-southeast-3** 马来西亚（吉隆坡）、**ap-southeast-5** 印度尼西亚（雅加达）、**ap-southeast-6** 菲律宾（马尼拉）、**ap-southeast-7** 泰国（曼谷）、**ap-northeast-1** 日本（东京）、**ap-northeast-2** 韩国（首尔）、**us-west-1** 美国（硅谷）、**us-east-1** 美国（弗吉尼亚）、**na-south-1** 墨西哥、**eu-central-1** 德国（法兰克福）、**eu-west-1** 英国（伦敦）、**me-east-1** 阿联酋（迪拜）、**me-central-1** 沙特（利雅得）、**cn-zhengzhou-jva** 郑州（联通合营）
      修复命令（id 处填地域 ID，逐个执行）：aliyun vpc OpenFlowLogService --region ＜id＞
      控制台：vpc.console.aliyun.com/flowlog/＜id＞/flowlogs
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      已读取 30/30 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("reminder", () => {
    expect(shown("dingtalk", "reminder", "zh")).toMatchInlineSnapshot(`
      "### 仍未开通：2 个地域 · VPC 流日志功能 [flowlog-guard]
      **cn-heyuan** 华南2（河源）：仍未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs) · 修复命令：aliyun vpc OpenFlowLogService --region cn-heyuan
      **cn-qingdao** 华北1（青岛）：仍未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-qingdao/flowlogs) · 修复命令：aliyun vpc OpenFlowLogService --region cn-qingdao
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      已读取 3/3 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("unreadable that was open", () => {
    expect(shown("dingtalk", "unreadable that was open", "zh")).toMatchInlineSnapshot(`
      "### 状态无法读取：cn-heyuan · VPC 流日志功能 [flowlog-guard]
      华南2（河源） · 缺少权限（ACCESS_DENIED）
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      最近一次成功读取时未开通，自 2026-11-19 16:17（北京时间）起。
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs)
      ACCESS_DENIED 的处理方法：为执行检查的 RAM 身份授予 flowlog-guard policy 按其配置输出的权限策略。
      已读取 1/2 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("resolved", () => {
    expect(shown("dingtalk", "resolved", "zh")).toMatchInlineSnapshot(`
      "### 已恢复，现已开通：cn-heyuan · VPC 流日志功能 [flowlog-guard]
      华南2（河源）
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      [创建流日志](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs)
      仍需创建流日志：仅开通功能不会记录任何流量。
      已读取 1/1 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("summary", () => {
    expect(shown("dingtalk", "summary", "zh")).toMatchInlineSnapshot(`
      "### 汇总（共 3 个地域）：1 个未开通，1 个无法读取，1 个已开通 · VPC 流日志功能 [flowlog-guard]
      账号 1234567890123456
      未开通：cn-heyuan
      状态无法读取（ACCESS_DENIED，缺少权限）：cn-qingdao
      ACCESS_DENIED 的处理方法：为执行检查的 RAM 身份授予 flowlog-guard policy 按其配置输出的权限策略。
      已读取 2/3 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("a trial", () => {
    expect(shown("dingtalk", "test", "zh")).toMatchInlineSnapshot(`
      "### 测试消息 [flowlog-guard]
      无需处理。告警将发送到这里。"
    `);
  });
});

describe("each kind, at DingTalk in English", () => {
  test("opened by one", () => {
    expect(shown("dingtalk", "opened by one", "en")).toMatchInlineSnapshot(`
      "### Not activated: cn-heyuan · VPC flow log service [flowlog-guard]
      China (Heyuan)
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs) · Fix: aliyun vpc OpenFlowLogService --region cn-heyuan
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Read 2 of 2 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("opened by thirty", () => {
    expect(shown("dingtalk", "opened by thirty", "en")).toMatchInlineSnapshot(`
      "### Not activated: 30 regions · VPC flow log service [flowlog-guard]
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      **cn-heyuan** China (Heyuan), **cn-qingdao** China (Qingdao), **cn-beijing** China (Beijing), **cn-zhangjiakou** China (Zhangjiakou), **cn-huhehaote** China (Hohhot), **cn-wulanchabu** China (Ulanqab), **cn-hangzhou** China (Hangzhou), **cn-shanghai** China (Shanghai), **cn-nanjing** China (Nanjing - Local Region), **cn-fuzhou** China (Fuzhou - Local Region), **cn-wuhan-lr** China (Wuhan - Local Region), **cn-shenzhen** China (Shenzhen), **cn-guangzhou** China (Guangzhou), **cn-chengdu** China (Chengdu), **cn-hongkong** China (Hong Kong), **ap-southeast-1** Singapore, **ap-southeast-3** Malaysia (Kuala Lumpur), **ap-southeast-5** Indonesia (Jakarta), **ap-southeast-6** Philippines (Manila), **ap-southeast-7** Thailand (Bangkok), **ap-northeast-1** Japan (Tokyo), **ap-northeast-2** South Korea (Seoul), **us-west-1** US (Silicon Valley), **us-east-1** US (Virginia), **na-south-1** Mexico, **eu-central-1** Germany (Frankfurt), **eu-west-1** UK (London), **me-east-1** UAE (Dubai), **me-central-1** SAU (Riyadh), **cn-zhengzhou-jva** China (Zhengzhou)
      Fix, for each id: aliyun vpc OpenFlowLogService --region ＜id＞
      Console: vpc.console.aliyun.com/flowlog/＜id＞/flowlogs
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Read 30 of 30 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("reminder", () => {
    expect(shown("dingtalk", "reminder", "en")).toMatchInlineSnapshot(`
      "### Still not activated: 2 regions · VPC flow log service [flowlog-guard]
      **cn-heyuan** China (Heyuan): the VPC flow log service is still not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs) · Fix: aliyun vpc OpenFlowLogService --region cn-heyuan
      **cn-qingdao** China (Qingdao): the VPC flow log service is still not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-qingdao/flowlogs) · Fix: aliyun vpc OpenFlowLogService --region cn-qingdao
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Read 3 of 3 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("unreadable that was open", () => {
    expect(shown("dingtalk", "unreadable that was open", "en")).toMatchInlineSnapshot(`
      "### Cannot be read: cn-heyuan · VPC flow log service [flowlog-guard]
      China (Heyuan) · A permission is missing (ACCESS_DENIED)
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      When last read, it was not activated (since 2026-11-19 08:17 UTC).
      [Console](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs)
      What to do about ACCESS_DENIED: grant the auditing identity the RAM policy that flowlog-guard policy prints for its configuration.
      Read 1 of 2 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("resolved", () => {
    expect(shown("dingtalk", "resolved", "en")).toMatchInlineSnapshot(`
      "### Resolved, now activated: cn-heyuan · VPC flow log service [flowlog-guard]
      China (Heyuan)
      Account 1234567890123456 · the problem began 2026-11-20 08:17 UTC
      [Create a flow log](https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs)
      Still to do: create a flow log. Activation alone records nothing.
      Read 1 of 1 region · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("summary", () => {
    expect(shown("dingtalk", "summary", "en")).toMatchInlineSnapshot(`
      "### Summary of 3 regions: 1 not activated, 1 cannot be read, 1 activated · VPC flow log service [flowlog-guard]
      Account 1234567890123456
      Not activated: cn-heyuan
      Could not be read (ACCESS_DENIED, a permission is missing): cn-qingdao
      What to do about ACCESS_DENIED: grant the auditing identity the RAM policy that flowlog-guard policy prints for its configuration.
      Read 2 of 3 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("a trial", () => {
    expect(shown("dingtalk", "test", "en")).toMatchInlineSnapshot(`
      "### Test message [flowlog-guard]
      Nothing has happened. Alerts will arrive here."
    `);
  });
});

describe("each kind, at Slack in Chinese", () => {
  test("opened by one", () => {
    expect(shown("slack", "opened by one", "zh")).toMatchInlineSnapshot(`
      "未开通：cn-heyuan · VPC 流日志功能 [flowlog-guard]
      华南2（河源）
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|控制台> · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-heyuan\`
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      已读取 2/2 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("opened by thirty", () => {
    expect(shown("slack", "opened by thirty", "zh")).toMatchInlineSnapshot(`
      "未开通：30 个地域 · VPC 流日志功能 [flowlog-guard]
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      *cn-heyuan* 华南2（河源）、*cn-qingdao* 华北1（青岛）、*cn-beijing* 华北2（北京）、*cn-zhangjiakou* 华北3（张家口）、*cn-huhehaote* 华北5（呼和浩特）、*cn-wulanchabu* 华北6（乌兰察布）、*cn-hangzhou* 华东1（杭州）、*cn-shanghai* 华东2（上海）、*cn-nanjing* 华东5（南京-本地地域）、*cn-fuzhou* 华东6（福州-本地地域）、*cn-wuhan-lr* 华中1（武汉-本地地域）、*cn-shenzhen* 华南1（深圳）、*cn-guangzhou* 华南3（广州）、*cn-chengdu* 西南1（成都）、*cn-hongkong* 中国香港、*ap-southeast-1* 新加坡、*ap-southeast-3* 马来西亚（吉隆坡）、*ap-southeast-5* 印度尼西亚（雅加达）、*ap-southeast-6* 菲律宾（马尼拉）、*ap-southeast-7* 泰国（曼谷）、*ap-northeast-1* 日本（东京）、*ap-northeast-2* 韩国（首尔）、*us-west-1* 美国（硅谷）、*us-east-1* 美国（弗吉尼亚）、*na-south-1* 墨西哥、*eu-central-1* 德国（法兰克福）、*eu-west-1* 英国（伦敦）、*me-east-1* 阿联酋（迪拜）、*me-central-1* 沙特（利雅得）、*cn-zhengzhou-jva* 郑州（联通合营）
      修复命令（id 处填地域 ID，逐个执行）：\`aliyun vpc OpenFlowLogService --region &lt;id&gt;\`
      控制台：\`vpc.console.aliyun.com/flowlog/&lt;id&gt;/flowlogs\`
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      已读取 30/30 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("reminder", () => {
    expect(shown("slack", "reminder", "zh")).toMatchInlineSnapshot(`
      "仍未开通：2 个地域 · VPC 流日志功能 [flowlog-guard]
      *cn-heyuan* 华南2（河源）：仍未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|控制台> · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-heyuan\`
      *cn-qingdao* 华北1（青岛）：仍未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      <https://vpc.console.aliyun.com/flowlog/cn-qingdao/flowlogs|控制台> · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-qingdao\`
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      已读取 3/3 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("unreadable that was open", () => {
    expect(shown("slack", "unreadable that was open", "zh")).toMatchInlineSnapshot(`
      "状态无法读取：cn-heyuan · VPC 流日志功能 [flowlog-guard]
      华南2（河源） · 缺少权限（\`ACCESS_DENIED\`）
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      最近一次成功读取时未开通，自 2026-11-19 16:17（北京时间）起。
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|控制台>
      \`ACCESS_DENIED\` 的处理方法：为执行检查的 RAM 身份授予 \`flowlog-guard policy\` 按其配置输出的权限策略。
      已读取 1/2 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("resolved", () => {
    expect(shown("slack", "resolved", "zh")).toMatchInlineSnapshot(`
      "已恢复，现已开通：cn-heyuan · VPC 流日志功能 [flowlog-guard]
      华南2（河源）
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|创建流日志>
      仍需创建流日志：仅开通功能不会记录任何流量。
      已读取 1/1 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("summary", () => {
    expect(shown("slack", "summary", "zh")).toMatchInlineSnapshot(`
      "汇总（共 3 个地域）：1 个未开通，1 个无法读取，1 个已开通 · VPC 流日志功能 [flowlog-guard]
      账号 1234567890123456
      未开通：cn-heyuan
      状态无法读取（\`ACCESS_DENIED\`，缺少权限）：cn-qingdao
      \`ACCESS_DENIED\` 的处理方法：为执行检查的 RAM 身份授予 \`flowlog-guard policy\` 按其配置输出的权限策略。
      已读取 2/3 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
  test("a trial", () => {
    expect(shown("slack", "test", "zh")).toMatchInlineSnapshot(`
      "测试消息 [flowlog-guard]
      无需处理。告警将发送到这里。"
    `);
  });
});

describe("each kind, at Slack in English", () => {
  test("opened by one", () => {
    expect(shown("slack", "opened by one", "en")).toMatchInlineSnapshot(`
      "Not activated: cn-heyuan · VPC flow log service [flowlog-guard]
      China (Heyuan)
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|Console> · Fix: \`aliyun vpc OpenFlowLogService --region cn-heyuan\`
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Read 2 of 2 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("opened by thirty", () => {
    expect(shown("slack", "opened by thirty", "en")).toMatchInlineSnapshot(`
      "Not activated: 30 regions · VPC flow log service [flowlog-guard]
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      *cn-heyuan* China (Heyuan), *cn-qingdao* China (Qingdao), *cn-beijing* China (Beijing), *cn-zhangjiakou* China (Zhangjiakou), *cn-huhehaote* China (Hohhot), *cn-wulanchabu* China (Ulanqab), *cn-hangzhou* China (Hangzhou), *cn-shanghai* China (Shanghai), *cn-nanjing* China (Nanjing - Local Region), *cn-fuzhou* China (Fuzhou - Local Region), *cn-wuhan-lr* China (Wuhan - Local Region), *cn-shenzhen* China (Shenzhen), *cn-guangzhou* China (Guangzhou), *cn-chengdu* China (Chengdu), *cn-hongkong* China (Hong Kong), *ap-southeast-1* Singapore, *ap-southeast-3* Malaysia (Kuala Lumpur), *ap-southeast-5* Indonesia (Jakarta), *ap-southeast-6* Philippines (Manila), *ap-southeast-7* Thailand (Bangkok), *ap-northeast-1* Japan (Tokyo), *ap-northeast-2* South Korea (Seoul), *us-west-1* US (Silicon Valley), *us-east-1* US (Virginia), *na-south-1* Mexico, *eu-central-1* Germany (Frankfurt), *eu-west-1* UK (London), *me-east-1* UAE (Dubai), *me-central-1* SAU (Riyadh), *cn-zhengzhou-jva* China (Zhengzhou)
      Fix, for each id: \`aliyun vpc OpenFlowLogService --region &lt;id&gt;\`
      Console: \`vpc.console.aliyun.com/flowlog/&lt;id&gt;/flowlogs\`
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Read 30 of 30 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("reminder", () => {
    expect(shown("slack", "reminder", "en")).toMatchInlineSnapshot(`
      "Still not activated: 2 regions · VPC flow log service [flowlog-guard]
      *cn-heyuan* China (Heyuan): the VPC flow log service is still not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|Console> · Fix: \`aliyun vpc OpenFlowLogService --region cn-heyuan\`
      *cn-qingdao* China (Qingdao): the VPC flow log service is still not activated
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-qingdao/flowlogs|Console> · Fix: \`aliyun vpc OpenFlowLogService --region cn-qingdao\`
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Read 3 of 3 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("unreadable that was open", () => {
    expect(shown("slack", "unreadable that was open", "en")).toMatchInlineSnapshot(`
      "Cannot be read: cn-heyuan · VPC flow log service [flowlog-guard]
      China (Heyuan) · A permission is missing (\`ACCESS_DENIED\`)
      Account 1234567890123456 · since 2026-11-20 08:17 UTC
      When last read, it was not activated (since 2026-11-19 08:17 UTC).
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|Console>
      What to do about \`ACCESS_DENIED\`: grant the auditing identity the RAM policy that \`flowlog-guard policy\` prints for its configuration.
      Read 1 of 2 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("resolved", () => {
    expect(shown("slack", "resolved", "en")).toMatchInlineSnapshot(`
      "Resolved, now activated: cn-heyuan · VPC flow log service [flowlog-guard]
      China (Heyuan)
      Account 1234567890123456 · the problem began 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-heyuan/flowlogs|Create a flow log>
      Still to do: create a flow log. Activation alone records nothing.
      Read 1 of 1 region · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("summary", () => {
    expect(shown("slack", "summary", "en")).toMatchInlineSnapshot(`
      "Summary of 3 regions: 1 not activated, 1 cannot be read, 1 activated · VPC flow log service [flowlog-guard]
      Account 1234567890123456
      Not activated: cn-heyuan
      Could not be read (\`ACCESS_DENIED\`, a permission is missing): cn-qingdao
      What to do about \`ACCESS_DENIED\`: grant the auditing identity the RAM policy that \`flowlog-guard policy\` prints for its configuration.
      Read 2 of 3 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });
  test("a trial", () => {
    expect(shown("slack", "test", "en")).toMatchInlineSnapshot(`
      "Test message [flowlog-guard]
      Nothing has happened. Alerts will arrive here."
    `);
  });
});
