import type { SkippedAccount } from "../../audit/report.ts";

/** Why an account was not audited, in Chinese. */
export const SKIPPED_ZH: Readonly<Record<SkippedAccount["reason"]["code"], string>> = {
  BEING_DELETED: "账号正在删除。",
  NOT_READY: "账号未创建成功，或尚未创建完成。",
};
