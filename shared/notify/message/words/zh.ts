import type { Noun, RuleWords } from "../../../audit/rule-card.ts";
import { formatMinute } from "../minute.ts";
import { ACCOUNT, REGION } from "../subject-noun.ts";
import type { RuleCounts, RulePhrases, Words } from "../words.ts";

/** China has one time zone and no daylight saving time. */
const BEIJING_OFFSET_HOURS = 8;

/** Labels that are the same for every rule. */
const LABELS = {
  unreadable: "状态无法读取",
  stillUnreadable: "状态仍无法读取",
  readable: "状态已可读取",
  inapplicable: "不再适用",
  exempt: "已豁免",
  unscoped: "不再检查",
} as const;

export const ZH: Words = {
  language: "zh",

  phrasesOf,
  unknownRule: (ruleId) => ({ topic: `规则 ${ruleId}`, open: "不合规", compliant: "已合规" }),
  counted,
  inAccounts,
  rules: (count) => `${count} 条规则`,
  moreRules: (count) => `另有 ${count} 条规则`,
  countsOf: (rule) => countsOf(rule, false),
  summaryOf: (rules) =>
    `汇总${rules.map((rule, index) => `${countsOf(rule, index === 0)} · ${rule.own.topic}`).join("；")}`,
  test: "测试消息",
  headlineSeparator: "；",

  labels: LABELS,
  time: (timeMs) => `${formatMinute(timeMs, BEIJING_OFFSET_HOURS)}（北京时间）`,
  since: (time) => `自 ${time}起`,
  sinceFirst: (time) => `最早自 ${time}起`,
  hadBeenSince: (time) => `异常始于 ${time}`,
  account: "账号 ",
  console: "控制台",
  fix: "修复命令",
  fixEachRegion: "修复命令（id 处填地域 ID，逐个执行）",
  fixEachResource: "修复命令（region、id 处分别填地域 ID、资源 ID，逐个执行）",
  reason: {
    EXEMPT: "已豁免",
    GONE: "该地域中已不存在，或不再使用",
  },
  whatToDo: ["", " 的处理方法："],

  notRead: "状态无法读取",
  exemptionEnds: "豁免有效期至 ",
  exemptionOwner: "，负责人：",
  readOf: (read, total) => `已读取 ${read}/${counted(total, REGION)}`,
  bearsOn: {
    implements: (framework, ids) => `${framework} 控制项 ${ids.join("、")}`,
    precondition: (framework, ids) => `${framework} 控制项 ${ids.join("、")} 的前提条件`,
  },
  stateFailed: (own) =>
    `状态存储无法读写：恢复之前，告警可能重复发送，且不会通知${own === null ? "问题已恢复或地域" : "地域已恢复或"}无法读取。`,
  testNote: "无需处理。告警将发送到这里。",
  more: (count, noun) => `另有 ${countedOrItems(count, noun)}`,
  moreInAccounts: (count, noun, accounts) =>
    `另有 ${inAccounts(countedOrItems(count, noun), accounts)}`,
  separator: "、",
  comma: "，",
  colon: "：",
  brackets: ["（", "）"],
  showsAnyLocalName: true,
};

function phrasesOf({ topic, open, compliant, clauses }: RuleWords): RulePhrases {
  const stillOpen = stillOf(open);
  const { isOpen, isStillOpen, wasOpen, isCompliant } = clauses ?? {
    isOpen: open,
    isStillOpen: stillOpen,
    wasOpen: open,
    isCompliant: `现${compliant}`,
  };
  return {
    topic,
    labels: {
      ...LABELS,
      opened: open,
      stillOpen,
      resolved: `已恢复，现${compliant}`,
    },
    alsoOpen: `此前已通知，${stillOpen}`,
    open,
    isOpen,
    isStillOpen,
    isOpenForAnotherReason: `${isOpen}，原因有变`,
    isResolved: `已恢复，${isCompliant}`,
    isExempted: {
      open: `${isOpen}，已豁免，有效期至 `,
      unreadable: `${LABELS.unreadable}，已豁免，有效期至 `,
    },
    isUnscoped: {
      open: `上次读取时${wasOpen}`,
      unreadable: "上次状态无法读取",
    },
    wasOpenWhenLastRead: `本次无法读取，上次读取时${wasOpen}`,
    wasOpen: (time) => `最近一次成功读取时${open}${time === null ? "" : `，自 ${time}起`}。`,
    wasOpenMark: `最近一次读取时${open}`,
  };
}

/** The adverb stands before a negation, and not before a phrase with a subject: 仍未开通, 持续投递异常. */
function stillOf(open: string): string {
  return /^[未不]/.test(open) ? `仍${open}` : `持续${open}`;
}

function countsOf(rule: RuleCounts, isFirst: boolean): string {
  const { own, noun, subjects, accounts, open, unreadable, unreadableRegions, compliant, exempt } =
    rule;
  if (!rule.isEvaluated) return isFirst ? "：未检查任何地域" : "未检查任何地域";
  const counts = [
    ...(open > 0 ? [`${open} 个${own.open}`] : []),
    ...(unreadable > 0 ? [`${unreadable} 个无法读取`] : []),
    ...(unreadableRegions > 0 ? [`${counted(unreadableRegions, REGION)}无法读取`] : []),
    ...(compliant > 0 ? [`${compliant} 个${own.compliant}`] : []),
    ...(exempt > 0 ? [`${exempt} 个已豁免`] : []),
  ];
  // 0 would be wrong where no region could be read.
  if (subjects === 0 && unreadableRegions > 0) return `${isFirst ? "：" : ""}${counts.join("，")}`;
  const subjectCount = counted(subjects, noun);
  const all = `共 ${accounts > 1 ? inAccounts(subjectCount, accounts) : subjectCount}`;
  return [isFirst ? `（${all}）` : all, ...(counts.length > 0 ? [counts.join("，")] : [])].join(
    "：",
  );
}

function inAccounts(subjects: string, accounts: number): string {
  return `${counted(accounts, ACCOUNT)}的 ${subjects}`;
}

function countedOrItems(count: number, noun: Noun | null): string {
  return noun === null ? `${count} 项` : counted(count, noun);
}

function counted(count: number, { zh }: Noun): string {
  return `${count} ${zh}`;
}
