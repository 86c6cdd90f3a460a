import { describe, expect, test } from "vitest";

import { alertWith } from "../../harness/alert-with.ts";
import { bodiesOf, textOf } from "./read-bodies.ts";

const ALERT = alertWith(["opened", "resolved"], {
  others: ["NON_COMPLIANT", "INSUFFICIENT_DATA"],
  edit: (finding) => ({ ...finding, localName: `华东（${finding.regionId}）` }),
});

/** One whole message of each receiver, in the language that it has unless told otherwise. */
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
            "text": "### [flowlog-guard] 1 个地域未开通 VPC 流日志功能；已恢复：1 个地域已开通 VPC 流日志功能

      **cn-r0** 华东（cn-r0）：未开通 VPC 流日志功能  
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起  
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`

      **cn-r1** 华东（cn-r1）：已恢复，VPC 流日志功能已开通  
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）  
      [创建流日志](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)

      此前已通知，仍未开通：cn-r2

      状态无法读取（\`TIMEOUT\`，响应超时）：cn-r3

      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。  
      仍需创建流日志：仅开通功能不会记录任何流量。  
      已读取 3/4 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件

      @13800000000 @u1",
            "title": "[flowlog-guard] 1 个地域未开通 VPC 流日志功能；已恢复：1 个地域已开通 VPC 流日志功能",
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
                  "content": "[flowlog-guard]",
                  "tag": "markdown",
                },
                {
                  "content": "**cn-r0** 华东（cn-r0）：未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`",
                  "tag": "markdown",
                },
                {
                  "content": "**cn-r1** 华东（cn-r1）：已恢复，VPC 流日志功能已开通
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      [创建流日志](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)",
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
                  "content": "开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      仍需创建流日志：仅开通功能不会记录任何流量。
      已读取 3/4 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件",
                  "tag": "markdown",
                },
                {
                  "content": "<at id=all></at> <at id=ou_1></at>",
                  "tag": "markdown",
                },
              ],
            },
            "header": {
              "template": "red",
              "title": {
                "content": "[flowlog-guard] 1 个地域未开通 VPC 流日志功能；已恢复：1 个地域已开通 VPC 流日志功能",
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
            "content": "<font color="warning">[flowlog-guard] 1 个地域未开通 VPC 流日志功能；已恢复：1 个地域已开通 VPC 流日志功能</font>

      **cn-r0** 华东（cn-r0）：未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      [控制台](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`

      **cn-r1** 华东（cn-r1）：已恢复，VPC 流日志功能已开通
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      [创建流日志](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)

      此前已通知，仍未开通：cn-r2

      状态无法读取（\`TIMEOUT\`，响应超时）：cn-r3

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
                "text": "[flowlog-guard] VPC flow log service not activated: 1 region; resolved, flow log service activated: 1 region",
                "type": "plain_text",
              },
              "type": "header",
            },
            {
              "text": {
                "text": "*cn-r0*: the VPC flow log service is not activated
      account 1234567890123456 · since 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs|Console> · Fix: \`aliyun vpc OpenFlowLogService --region cn-r0\`",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
            {
              "text": {
                "text": "*cn-r1*: resolved, the VPC flow log service is activated
      account 1234567890123456 · it had been so since 2026-11-20 08:17 UTC
      <https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs|Create a flow log>",
                "type": "mrkdwn",
                "verbatim": true,
              },
              "type": "section",
            },
            {
              "text": {
                "text": "Still not activated, as told before: cn-r2",
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
                "text": "Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
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
          "text": "[flowlog-guard] VPC flow log service not activated: 1 region; resolved, flow log service activated: 1 region",
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
                    "text": "[flowlog-guard] VPC flow log service not activated: 1 region; resolved, flow log service activated: 1 region",
                    "type": "TextBlock",
                    "weight": "Bolder",
                    "wrap": true,
                  },
                  {
                    "text": "**cn-r0**: the VPC flow log service is not activated

      account 1234567890123456 · since 2026-11-20 08:17 UTC

      [Console](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · Fix: aliyun vpc OpenFlowLogService --region cn-r0",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "text": "**cn-r1**: resolved, the VPC flow log service is activated

      account 1234567890123456 · it had been so since 2026-11-20 08:17 UTC

      [Create a flow log](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "text": "Still not activated, as told before: cn-r2",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "text": "Could not be read (TIMEOUT, no answer in time): cn-r3",
                    "type": "TextBlock",
                    "wrap": true,
                  },
                  {
                    "text": "Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.

      Still to do: create a flow log. Activation alone records nothing.

      Read 3 of 4 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3",
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

  test("in English, where DingTalk is told so", () => {
    expect(textOf("dingtalk", ALERT, { language: "en" })).toMatchInlineSnapshot(`
      "[flowlog-guard] VPC flow log service not activated: 1 region; resolved, flow log service activated: 1 region
      ### [flowlog-guard] VPC flow log service not activated: 1 region; resolved, flow log service activated: 1 region
      **cn-r0**: the VPC flow log service is not activated
      account 1234567890123456 · since 2026-11-20 08:17 UTC
      [Console](https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs) · Fix: \`aliyun vpc OpenFlowLogService --region cn-r0\`
      **cn-r1**: resolved, the VPC flow log service is activated
      account 1234567890123456 · it had been so since 2026-11-20 08:17 UTC
      [Create a flow log](https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs)
      Still not activated, as told before: cn-r2
      Could not be read (\`TIMEOUT\`, no answer in time): cn-r3
      Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.
      Still to do: create a flow log. Activation alone records nothing.
      Read 3 of 4 regions · precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3"
    `);
  });

  test("in Chinese, where Slack is told so", () => {
    expect(textOf("slack", ALERT, { language: "zh" })).toMatchInlineSnapshot(`
      "[flowlog-guard] 1 个地域未开通 VPC 流日志功能；已恢复：1 个地域已开通 VPC 流日志功能
      [flowlog-guard] 1 个地域未开通 VPC 流日志功能；已恢复：1 个地域已开通 VPC 流日志功能
      *cn-r0* 华东（cn-r0）：未开通 VPC 流日志功能
      账号 1234567890123456 · 自 2026-11-20 16:17（北京时间）起
      <https://vpc.console.aliyun.com/flowlog/cn-r0/flowlogs|控制台> · 修复命令：\`aliyun vpc OpenFlowLogService --region cn-r0\`
      *cn-r1* 华东（cn-r1）：已恢复，VPC 流日志功能已开通
      账号 1234567890123456 · 异常始于 2026-11-20 16:17（北京时间）
      <https://vpc.console.aliyun.com/flowlog/cn-r1/flowlogs|创建流日志>
      此前已通知，仍未开通：cn-r2
      状态无法读取（\`TIMEOUT\`，响应超时）：cn-r3
      开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。
      仍需创建流日志：仅开通功能不会记录任何流量。
      已读取 3/4 个地域 · CIS Alibaba Cloud Foundation Benchmark 2.0.0 控制项 2.5、3.3 的前提条件"
    `);
  });
});
