import { formatMinute } from "../minute.ts";
import type { Words } from "../words.ts";

/** All of China has one time, and no summer time. */
const BEIJING_OFFSET_HOURS = 8;

export const ZH: Words = {
  language: "zh",

  labels: {
    opened: "未开通",
    stillOpen: "仍未开通",
    unreadable: "状态无法读取",
    stillUnreadable: "状态仍无法读取",
    resolved: "已恢复，现已开通",
    readable: "状态已可读取",
    exempt: "已豁免",
    unscoped: "不再检查",
  },
  regions: (n) => `${n} 个地域`,
  subject: " · VPC 流日志功能",
  summaryOf({ total, notActivated, unreadable, activated, exempt }) {
    const counts = [
      ...(notActivated > 0 ? [`${notActivated} 个未开通`] : []),
      ...(unreadable > 0 ? [`${unreadable} 个无法读取`] : []),
      ...(activated > 0 ? [`${activated} 个已开通`] : []),
      ...(exempt > 0 ? [`${exempt} 个已豁免`] : []),
    ];
    return `汇总（共 ${total} 个地域）：${counts.join("，")}`;
  },
  nothingRead: "汇总：未检查任何地域",
  test: "测试消息",
  verdictSeparator: "；",

  isOpen: "未开通 VPC 流日志功能",
  isStillOpen: "仍未开通 VPC 流日志功能",
  isOpenOtherwise: "未开通 VPC 流日志功能，原因有变",
  isResolved: "已恢复，VPC 流日志功能已开通",
  isUnreadable: "状态无法读取",
  isStillUnreadable: "状态仍无法读取",
  isReadable: "状态已可读取",
  isExempted: {
    open: "未开通 VPC 流日志功能，已豁免，有效期至 ",
    unreadable: "状态无法读取，已豁免，有效期至 ",
  },
  isUnscoped: {
    open: "上次读取时未开通 VPC 流日志功能",
    unreadable: "上次状态无法读取",
  },
  wasOpenWhenLastRead: "本次无法读取，上次读取时未开通 VPC 流日志功能",
  wasOpen: (time) => `最近一次成功读取时未开通${time === null ? "" : `，自 ${time}起`}。`,
  wasOpenMark: "最近一次读取时未开通",
  time: (timeMs) => `${formatMinute(timeMs, BEIJING_OFFSET_HOURS)}（北京时间）`,
  since: (time) => `自 ${time}起`,
  sinceFirst: (time) => `最早自 ${time}起`,
  hadBeenSince: (time) => `异常始于 ${time}`,
  account: "账号 ",
  console: "控制台",
  fix: "修复命令",
  fixEach: "修复命令（id 处填地域 ID，逐个执行）",
  createFlowLog: "创建流日志",
  reason: {
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
  whatToDo: ["", " 的处理方法："],

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
  stateFailed: "状态存储无法读写：恢复之前，告警可能重复发送，且不会通知地域已恢复或无法读取。",
  testNote: "无需处理。告警将发送到这里。",
  more: (n) => `另有 ${n} 个地域`,
  separator: "、",
  comma: "，",
  colon: "：",
  brackets: ["（", "）"],
  showsAnyLocalName: true,
};
