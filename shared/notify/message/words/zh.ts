import { formatMinute } from "../minute.ts";
import type { Words } from "../words.ts";

/** All of China has one time, and no summer time. */
const BEIJING_OFFSET_HOURS = 8;

export const ZH: Words = {
  language: "zh",

  opened: (n) => `${n} 个地域未开通 VPC 流日志功能`,
  stillOpen: (n) => `${n} 个地域仍未开通 VPC 流日志功能`,
  resolved: (n) => `已恢复：${n} 个地域已开通 VPC 流日志功能`,
  blind: (n) => `${n} 个地域的状态无法读取`,
  stillBlind: (n) => `${n} 个地域的状态仍无法读取`,
  readable: (n) => `${n} 个地域的状态已可读取`,
  allClear: (n) => `${n} 个地域均已开通 VPC 流日志功能`,
  exempt: (n) => `${n} 个地域已豁免`,
  nothingRead: "未检查任何地域",
  test: "测试消息",
  verdictSeparator: "；",

  isOpen: "未开通 VPC 流日志功能",
  isStillOpen: "仍未开通 VPC 流日志功能",
  isOpenOtherwise: "未开通 VPC 流日志功能，原因有变",
  isResolved: "已恢复，VPC 流日志功能已开通",
  isBlind: "状态无法读取",
  isStillBlind: "状态仍无法读取",
  isReadable: "状态已可读取",
  wasOpenWhenLastRead: "本次无法读取，上次读取时未开通 VPC 流日志功能",
  time: (timeMs) => `${formatMinute(timeMs, BEIJING_OFFSET_HOURS)}（北京时间）`,
  since: (time) => `自 ${time}起`,
  hadBeenSince: (time) => `异常始于 ${time}`,
  account: "账号 ",
  console: "控制台",
  fix: "修复命令",
  createFlowLog: "创建流日志",
  reason: {
    ACTIVATED: "已开通",
    NOT_ACTIVATED: "未开通",
    ACCESS_DENIED: "缺少权限",
    CREDENTIALS_INVALID: "凭证被拒绝",
    THROTTLED: "请求被限流",
    TIMEOUT: "响应超时",
    UNREACHABLE: "无法连接",
    REGION_NOT_FOUND: "地域不存在",
    MALFORMED_RESPONSE: "响应格式异常",
    SERVICE_ERROR: "服务端错误",
    DEADLINE_EXCEEDED: "超出本次检查的总时限",
    EXEMPT: "已豁免",
  },

  notActivated: "未开通",
  alsoNotActivated: "此前已通知，仍未开通",
  notRead: "状态无法读取",
  exemptionEnds: "豁免有效期至 ",
  exemptionOwner: "，负责人：",
  readOf: (read, total) => `已读取 ${read}/${total} 个地域`,
  bearsOn: {
    implements: (framework, ids) => `${framework} 控制项 ${ids.join("、")}`,
    precondition: (framework, ids) => `${framework} 控制项 ${ids.join("、")} 的前提条件`,
  },
  testNote: "这是一条测试消息，无需处理。告警将发送到这里。",
  more: (n) => `另有 ${n} 个地域`,
  separator: "、",
  comma: "，",
  colon: "：",
  brackets: ["（", "）"],
  showsAnyLocalName: true,
};
