import type { Exchange, FailureCode, Verdict } from "../../shared/audit/finding.ts";
import { UnreadableError } from "../../shared/audit/region-reader.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import { evidenceOf } from "./evidence-of.ts";
import { SAMPLE_RULE } from "./sample-rule.ts";

/** A box whose lid moves is neither shut nor open, and one on loan is not judged. */
export type Box = "shut" | "open" | "moving" | "on loan" | FailureCode;

/** The boxes of a region by id, or why they cannot be listed. */
export type Boxes = Readonly<Record<string, Box>> | FailureCode;

export const BOX_TYPE = "ACME::Box";

/** The exchange that lists the boxes of a region. */
function listOfBoxes(regionId: string): Exchange {
  return { requestId: `LIST-${regionId}`, endpoint: "box.example", httpStatus: 200 };
}

/** A made-up rule about resources: each `ACME::Box` of a region has to be shut. */
export function boxRule(world: Readonly<Record<string, Boxes>>): Rule {
  return {
    ...SAMPLE_RULE,
    id: "boxes-shut",
    title: "Every box is shut",
    subject: { type: BOX_TYPE, noun: { en: { one: "box", other: "boxes" }, zh: "个盒子" } },
    reasons: {
      SHUT: { status: "COMPLIANT", en: "shut", zh: "已关", message: "It is shut." },
      OPEN: { status: "NON_COMPLIANT", en: "open", zh: "未关", message: "It is open." },
      MOVING: {
        status: "INSUFFICIENT_DATA",
        en: "the lid is moving",
        zh: "盖子移动中",
        message: "Its lid is moving.",
      },
      ON_LOAN: {
        status: "NOT_APPLICABLE",
        en: "on loan to somebody else",
        zh: "已借出",
        message: "It is on loan to somebody else.",
      },
      NO_BOXES: {
        status: "NOT_APPLICABLE",
        en: "no boxes",
        zh: "没有盒子",
        message: "There are no boxes.",
      },
    },
    async evaluate({ regionId }) {
      const evidence = evidenceOf(listOfBoxes(regionId));
      const boxes = world[regionId] ?? {};
      if (typeof boxes === "string") {
        const failed = { ...evidence, httpStatus: 503 };
        throw new UnreadableError(boxes, "The boxes cannot be listed.", { evidence: failed });
      }
      const verdicts = Object.entries(boxes).map(([id, box]): Verdict => {
        const resource = { type: BOX_TYPE, id, name: `name of ${id}` };
        if (box === "shut") {
          const reason = { code: "SHUT", message: `${id} is shut.` };
          return { status: "COMPLIANT", reason, evidence, resource };
        }
        if (box === "open") {
          const reason = { code: "OPEN", message: `${id} is open.` };
          return { status: "NON_COMPLIANT", reason, evidence, resource };
        }
        if (box === "on loan") {
          const reason = { code: "ON_LOAN", message: `${id} is on loan.` };
          return { status: "NOT_APPLICABLE", reason, evidence, resource };
        }
        if (box === "moving") {
          const reason = { code: "MOVING", message: `The lid of ${id} is moving.` };
          return { status: "INSUFFICIENT_DATA", reason, evidence, resource };
        }
        const reason = { code: box, message: `${id} cannot be looked at.` };
        const failed = { ...evidence, requestId: `BOX-${id}`, httpStatus: 503 };
        return { status: "INSUFFICIENT_DATA", reason, evidence: failed, resource };
      });
      return verdicts.length > 0
        ? verdicts
        : [
            {
              status: "NOT_APPLICABLE",
              reason: { code: "NO_BOXES", message: "There are no boxes." },
              evidence,
            },
          ];
    },
  };
}
