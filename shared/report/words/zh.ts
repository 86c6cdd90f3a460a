import type { Status } from "../../audit/finding.ts";
import { STATUS_WORDS } from "../html/report-words.ts";
import { notAskedTexts } from "../not-asked.ts";
import { timeTexts } from "../time-texts.ts";
import type { Counted, CountedFindings, ReportWords } from "./report-words.ts";
import { ruleMeaningZh, skippedMessageZh, messageZh } from "./zh-messages.ts";

/** With the measure word, as they follow a number. */
const NOUNS: Readonly<Record<Counted, string>> = {
  account: "个账号",
  command: "条命令",
  finding: "项检查结果",
  region: "个地域",
  warning: "条警告",
};

const STATUSES: Readonly<Record<Status, string>> = {
  COMPLIANT: STATUS_WORDS.COMPLIANT.name.zh,
  NON_COMPLIANT: STATUS_WORDS.NON_COMPLIANT.name.zh,
  INSUFFICIENT_DATA: STATUS_WORDS.INSUFFICIENT_DATA.name.zh,
  NOT_APPLICABLE: STATUS_WORDS.NOT_APPLICABLE.name.zh,
  IGNORED: STATUS_WORDS.IGNORED.name.zh,
};

/** The words of reports in Chinese. */
export const ZH: ReportWords = {
  language: "zh",
  counted,
  separator: "，",
  time: (iso) => timeTexts(iso).zh,

  heads: {
    status: "状态",
    account: "账号",
    rule: "规则",
    region: "地域",
    resource: "资源",
    name: "名称",
    reason: "原因",
    requestId: "请求 ID",
  },
  statuses: STATUSES,
  statusCount: (count, status) => `${STATUSES[status]} ${count}`,
  message: messageZh,
  meaning: ruleMeaningZh,
  ofRule: (ruleId, text) => `${ruleId}：${text}`,
  notAsked: (way) => notAskedTexts(way).zh,

  summarized: (findings) => `${counted(findings, "finding")}已汇总：写入文件或管道时逐行列出`,
  hidden: (findings) => `未显示 ${counted(findings, "finding")}（--only）`,
  andCounts: (counts) => `  另有${counts}`,
  inAllRegions: (account, code, regions) => `${account}：全部 ${regions} 个地域均为 ${code}`,
  fine: (accounts, counts) => `${accounts}：${counts}`,
  regionsCompliant: (regions) => `${counted(regions, "region")}合规`,
  countsInRegions: (counts, regions) => `${counted(regions, "region")}，${counts}`,
  codeInRegions: (code, regions, accounts) =>
    `${code}：${counted(accounts, "account")}的 ${counted(regions, "region")}`,
  example: (account, place) => `例如 ${account}，${place}：`,
  skipped: (reason) => `未检查：${reason.code}：${skippedMessageZh(reason)}`,
  skippedMessage: skippedMessageZh,
  managementUnknown: "资源目录的管理账号未知，本报告可能未包含该账号。",
  ownCredentials: "请使用命令所针对账号的凭证执行：检查时在该账号扮演的角色只有读取权限。",
  rolePermission:
    "在其他账号中，需要授权的身份是检查时扮演的角色，参见 flowlog-guard policy --member。",

  total: (regions, findings) =>
    findings === null
      ? counted(regions, "region")
      : `${counted(regions, "region")}共 ${counted(findings, "finding")}`,
  accounts: ({ only, audited, skipped, isAssumed, caller }) => {
    const more = [
      ...(isAssumed ? ["推定"] : []),
      ...(skipped === 0 ? [] : [`跳过 ${counted(skipped, "account")}`]),
      ...(caller === null ? [] : [`执行者 ${caller}`]),
    ];
    const subject = only === null ? counted(audited, "account") : `账号 ${only}`;
    return more.length === 0 ? subject : `${subject}（${more.join("，")}）`;
  },
  seconds: (seconds) => `（耗时 ${seconds} 秒）`,
  summary: (total, accounts, counts, seconds) =>
    `${accounts}，${total}：${counts.join("，")}${seconds}`,

  markdown: {
    heads: {
      status: "状态",
      account: "账号",
      region: "地域",
      rule: "规则",
      resource: "资源",
      reason: "原因",
      found: "检查情况",
    },
    nonCompliant: (counts) => `${some(counts, counts.nonCompliant)}不合规`,
    incomplete: (counts) => `不完整：${some(counts, counts.insufficientData)}无法读取`,
    nothingToJudge: (counts) => `无可判断的内容：${counted(counts.total, counts.noun)}均不适用`,
    compliant: (counts) =>
      `${some(counts, counts.compliant)}合规${counts.ignored > 0 ? `，${counts.ignored} ${measureOf(counts)}已豁免` : ""}`,
    notAudited: (accounts) => `；${counted(accounts, "account")}未检查`,
    countHeads: ["状态", "代码", "数量"],
    meanings: {
      COMPLIANT: "COMPLIANT",
      NON_COMPLIANT: "NON_COMPLIANT",
      INSUFFICIENT_DATA: "INSUFFICIENT_DATA",
      NOT_APPLICABLE: "NOT_APPLICABLE",
      IGNORED: "IGNORED",
    },
    fact: (name, value) => `${name}：${value}`,
    facts: {
      account: "账号",
      accounts: "账号数",
      regions: "地域数",
      rules: "规则",
      auditedBy: "执行者",
      time: "时间",
      run: "运行 ID",
    },
    assumed: "（推定：无法识别调用者身份）",
    callerUnknown: "未知",
    fromTo: (from, to) => `${from} 至 ${to}`,
    sections: {
      attention: "需要关注",
      toDo: "处理方法",
      skipped: "未检查的账号",
      warnings: "警告",
      proof: "能证明什么",
    },
    managementUnknown: "资源目录的管理账号未知，本报告可能未包含该账号。",
    leftOut: (what) => `省略 ${what}。`,
    leftOutNotice: (findings, counts) =>
      `**省略 ${findings}**，因为 GitHub 限制作业摘要的大小：${counts}。JSON 格式的报告包含全部结果。`,
    commentAccount: "账号",
  },
  notes: {
    writtenTo: (path) => `报告已写入 ${path}`,
    addedToJobSummary: "报告已添加到作业摘要",
  },
};

function counted(count: number, noun: Counted): string {
  return `${count} ${NOUNS[noun]}`;
}

function some(counts: CountedFindings, count: number): string {
  return `${counted(counts.total, counts.noun)}中有 ${count} ${measureOf(counts)}`;
}

function measureOf({ noun }: CountedFindings): string {
  return noun === "region" ? "个" : "项";
}
