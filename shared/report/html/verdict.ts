import type { Status } from "../../audit/finding.ts";
import { isOneFindingPerRegion, type Report, summarize } from "../../audit/report.ts";
import type { Texts } from "../../audit/rule-card.ts";
import { accounts, findings, regions } from "./report-words.ts";

/** What an audit says, in one sentence. */
export interface Verdict {
  /** Whose mark and colour the sentence has. */
  readonly status: Status;
  readonly sentence: Texts;
  /** What the sentence does not say, and its reader must know. */
  readonly notes: readonly Texts[];
}

/**
 * The verdict of a report, from its findings. It is never more than what was read: one finding that
 * could not be read makes the audit incomplete, unless something is known not to be compliant, and
 * accounts that were not audited restrict it to those that were.
 */
export function verdictOf(report: Report): Verdict {
  const counts = summarize(report.findings);
  const count = isOneFindingPerRegion(report) ? regions : findings;
  const notes = notesOf(report);
  const total = count(counts.total);
  const of = (some: number): Texts => ({
    en: `${some.toLocaleString("en")} of ${total.en}`,
    zh: `${total.zh}中有 ${some} ${count === regions ? "个" : "项"}`,
  });
  if (counts.nonCompliant > 0) {
    const failed = of(counts.nonCompliant);
    const unread = of(counts.insufficientData);
    return {
      status: "NON_COMPLIANT",
      sentence: { en: `Not compliant: ${failed.en}`, zh: `不合规：${failed.zh}` },
      notes:
        counts.insufficientData === 0
          ? notes
          : [
              {
                en: `The audit is also incomplete: ${unread.en} could not be read, so nothing is known about these.`,
                zh: `检查也不完整：${unread.zh}无法读取，其状态未知。`,
              },
              ...notes,
            ],
    };
  }
  if (counts.insufficientData > 0) {
    const unread = of(counts.insufficientData);
    return {
      status: "INSUFFICIENT_DATA",
      sentence: {
        en: `Incomplete: ${unread.en} could not be read`,
        zh: `不完整：${unread.zh}无法读取`,
      },
      notes: [
        {
          en: "What could not be read may or may not be compliant.",
          zh: "无法读取的部分可能合规，也可能不合规。",
        },
        ...notes,
      ],
    };
  }
  if (counts.total === 0) {
    return {
      status: "INSUFFICIENT_DATA",
      sentence: { en: "Incomplete: nothing was checked", zh: "不完整：未检查任何内容" },
      notes,
    };
  }
  if (counts.compliant === 0) {
    return {
      status: counts.ignored > 0 ? "IGNORED" : "NOT_APPLICABLE",
      sentence: {
        en: `Nothing was found compliant: ${total.en} exempt or not applicable`,
        zh: `没有合规项：${total.zh}均已豁免或不适用`,
      },
      notes,
    };
  }
  const compliant = of(counts.compliant);
  const isWhole = notes.length === 0;
  return {
    status: "COMPLIANT",
    sentence: {
      en: `${isWhole ? "Compliant" : "Compliant where audited"}: ${compliant.en}`,
      zh: `${isWhole ? "合规" : "已检查部分合规"}：${compliant.zh}`,
    },
    notes: [...exemptNotes(counts.ignored), ...notes],
  };
}

function exemptNotes(ignored: number): Texts[] {
  if (ignored === 0) return [];
  const exempt = findings(ignored);
  return [
    {
      en: `${exempt.en} exempt: an exemption hides a finding, and makes nothing compliant.`,
      zh: `${exempt.zh}已豁免：豁免只是不计入，并不代表合规。`,
    },
  ];
}

/** Why the audit may not be of everything that was meant, and whose account it is. */
function notesOf(report: Report): Texts[] {
  const skipped = report.accounts.filter(({ status }) => status === "skipped").length;
  const { en, zh } = accounts(skipped);
  return [
    ...(skipped === 0
      ? []
      : [{ en: `${en} ${skipped === 1 ? "was" : "were"} not audited.`, zh: `${zh}未检查。` }]),
    ...(report.managementAccountUnknown === true
      ? [
          {
            en: "The management account of the resource directory is not known and may be missing here.",
            zh: "资源目录的管理账号未知，本报告可能未包含该账号。",
          },
        ]
      : []),
    ...(report.accountAssumed === true
      ? [
          {
            en: "The account is assumed from the state: who asked could not be identified.",
            zh: "账号是根据状态推定的：无法识别调用者身份。",
          },
        ]
      : []),
  ];
}
