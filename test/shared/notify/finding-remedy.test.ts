import { describe, expect, test } from "vitest";

import type { Finding, FindingRemedy } from "../../../shared/audit/finding.ts";
import { LANGUAGES } from "../../../shared/notify/receiver-options.ts";
import { RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import { activateFlowLog, toCreateFlowLog } from "../../../shared/rules/flow-log-remedies.ts";
import { vpcFlowLogActive } from "../../../shared/rules/vpc-flow-log-active.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { logOf } from "../../harness/region-of.ts";
import { bodiesOf, CHATS, textOf } from "./read-bodies.ts";

const CREATE = "aliyun vpc CreateFlowLog";
const START = "aliyun vpc ActiveFlowLog";

/** An alert about as many VPCs, one a region, each for the reason and with the remedy given. */
function alertAbout(
  count: number,
  code: string,
  remedyOf: (regionId: string, vpcId: string) => FindingRemedy | undefined,
) {
  return alertWith(
    Array.from({ length: count }, () => "opened" as const),
    {
      cards: [vpcFlowLogActive],
      edit(finding): Finding {
        const { regionId } = finding;
        const id = `vpc-${regionId}`;
        const remedy = remedyOf(regionId, id);
        return {
          ...finding,
          ruleId: vpcFlowLogActive.id,
          reason: { code, message: "It is so." },
          resource: { type: "ACS::VPC::VPC", id },
          ...(remedy !== undefined && { remedy }),
        };
      },
    },
  );
}

const create = (regionId: string, vpcId: string) =>
  toCreateFlowLog({ regionId, vpcId, trafficType: "All" });
const start = (regionId: string, vpcId: string) =>
  activateFlowLog(regionId, logOf(`fl-of-${vpcId}`, vpcId));

/** Without marks of code, and without what disables others: backslashes and full-width forms. */
const plain = (text: string): string =>
  text.replaceAll(/[\\`]/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").normalize("NFKC");

describe.each(CHATS)("%s", (type) => {
  test("has the command of the finding, of one", () => {
    const text = plain(textOf(type, alertAbout(1, "FLOW_LOG_INACTIVE", start)));
    expect(text).toContain(`${START} --region cn-r0 --FlowLogId fl-of-vpc-cn-r0`);
  });

  test("has each its command while each has a block of its own", () => {
    const text = plain(textOf(type, alertAbout(2, "FLOW_LOG_INACTIVE", start)));
    for (const id of ["cn-r0", "cn-r1"]) {
      expect(text).toContain(`${START} --region ${id} --FlowLogId fl-of-vpc-${id}`);
    }
  });

  test("has no command for a list of findings of which each has its own", () => {
    const text = plain(textOf(type, alertAbout(14, "FLOW_LOG_INACTIVE", start)));
    expect(text).not.toContain("aliyun ");
    expect(text).toContain("vpc.console.aliyun.com/flowlog/<region>/flowlogs");
  });

  test("has one pattern for a list of findings that differ in their ids alone", () => {
    const text = plain(textOf(type, alertAbout(14, "NO_FLOW_LOG", create), { language: "en" }));
    expect(text.split(CREATE)).toHaveLength(2);
    expect(text).toContain(
      `Fix, for each region/id: ${CREATE} --region '<region>' --ResourceType VPC --ResourceId '<id>'`,
    );
    expect(text.split("Before you create a flow log")).toHaveLength(2);
  });

  test("has no command where the finding has none and its reason does not tell it", () => {
    for (const remedy of [undefined, { command: null, terraform: null }]) {
      const text = plain(
        textOf(
          type,
          alertAbout(1, "PARTLY_COVERED", () => remedy),
        ),
      );
      expect(text).not.toContain("aliyun ");
    }
  });

  test("leaves out a command that it would have to change", () => {
    const remedy = { command: `aliyun vpc X --a ${"b".repeat(2_000)}`, terraform: null };
    expect(
      textOf(
        type,
        alertAbout(1, "PARTLY_COVERED", () => remedy),
      ),
    ).not.toContain("bbb");
  });
});

describe("an Alertmanager", () => {
  test("has the command of each finding", () => {
    const posted = bodiesOf("alertmanager", alertAbout(14, "FLOW_LOG_INACTIVE", start)).flat();
    expect(posted.map((each) => Object(each).annotations.command)).toEqual(
      Array.from(
        { length: 14 },
        (_item, index) => `${START} --region cn-r${index} --FlowLogId fl-of-vpc-cn-r${index}`,
      ),
    );
  });
});

test("a generic endpoint has the remedy with the finding", () => {
  const [body] = bodiesOf("webhook", alertAbout(1, "NO_FLOW_LOG", create));
  expect(Object(body).data.findings[0].remedy).toEqual(create("cn-r0", "vpc-cn-r0"));
});

describe.each(RECEIVER_TYPES)("%s, told of every reason of a rule,", (type) => {
  test.each(LANGUAGES)("has a message, in %s", (language) => {
    for (const [code, { status }] of Object.entries(vpcFlowLogActive.reasons)) {
      if (status !== "NON_COMPLIANT") continue;
      expect(bodiesOf(type, alertAbout(3, code, create), { language })).not.toEqual([]);
    }
  });
});
