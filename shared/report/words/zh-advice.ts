/** What to do about findings that are not compliant for one reason. */
export interface ChineseAdvice {
  /** A sentence to read before the command is run; null where there is nothing to add. */
  readonly before: string | null;
  /** Before the command. */
  readonly label: string;
  /** Where there is no single command; null where there always is one. */
  readonly byHand: string | null;
}

const MADE_BY_SLS =
  "这些流日志由日志服务 SLS 创建，只能在日志服务控制台（日志审计服务或流日志应用）中修改。";
const CREATE: ChineseAdvice = { before: null, label: "创建流日志：", byHand: null };
const FIX: ChineseAdvice = { before: null, label: "修复命令：", byHand: null };
const CREATE_ANOTHER: ChineseAdvice = {
  before: "流日志的流量类型和采样路径无法修改：请在该 VPC 上新建一条流日志，再删除被替换的流日志。",
  label: "创建流日志：",
  byHand: MADE_BY_SLS,
};

/** By the rules' reason codes: what their messages say in English beside the meaning of the code. */
const CHINESE_ADVICE: Readonly<Record<string, ChineseAdvice>> = {
  NOT_ACTIVATED: { before: null, label: "开通命令：", byHand: null },
  NO_FLOW_LOG: CREATE,
  PARTLY_COVERED: FIX,
  FLOW_LOG_INACTIVE: { before: null, label: "修复命令：", byHand: MADE_BY_SLS },
  TRAFFIC_TYPE_PARTIAL: CREATE_ANOTHER,
  TRAFFIC_PATH_PARTIAL: CREATE_ANOTHER,
  DELIVERY_FAILED: {
    before: "如创建后仍投递失败，请重建流日志。",
    label: "创建 Project 和 Logstore：",
    byHand:
      "请在控制台检查各流日志的 Project 和 Logstore 是否存在、能否写入；由日志服务 SLS 创建的流日志只能在日志服务控制台中修改。",
  },
  ACCOUNT_IN_ARREARS: {
    before: null,
    label: "修复命令：",
    byHand: "请在控制台的“费用与成本”中结清欠费。",
  },
  RETENTION_TOO_SHORT: {
    before: "只延长数据保存时间，其他设置保持不变。",
    label: "修复命令：",
    byHand:
      "请在日志服务控制台延长该 Logstore 的数据保存时间，或使用 JSON 报告中的 Terraform。请勿使用 aliyun sls update-log-store：它会重置其他设置。",
  },
  LOG_STORE_MISSING: {
    before: null,
    label: "创建缺失的 Logstore（Project 缺失时一并创建）：",
    byHand: null,
  },
};

/**
 * What is said in Chinese about a reason.
 *
 * @param code - from outside it may be `constructor`, which every object has
 * @returns null for a reason that nothing is said about
 */
export function chineseAdviceOn(code: string): ChineseAdvice | null {
  return Object.hasOwn(CHINESE_ADVICE, code) ? (CHINESE_ADVICE[code] ?? null) : null;
}

/**
 * What to do about a finding that is not compliant, in sentences.
 *
 * @param command - null where there is no single command that can be copied
 */
export function chineseAdvice(code: string, command: string | null): string {
  const { before, label, byHand } = chineseAdviceOn(code) ?? FIX;
  return command === null ? (byHand ?? "请在控制台处理。") : `${before ?? ""}${label}${command}`;
}
