import type { Report } from "../../shared/audit/report.ts";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";
import { resourceReport } from "./resource-report.ts";

/** A report in which everything that comes from outside is hostile: each text is an id, a name and a message. */
export function hostileReport(): Report {
  const report = resourceReport(
    HOSTILE_TEXTS.flatMap((text, index) => [
      { id: `vpc-${index}`, name: text, message: text },
      { id: text, name: text, regionId: "cn-beijing", status: "COMPLIANT", message: text },
      {
        id: text,
        regionId: "cn-qingdao",
        status: "INSUFFICIENT_DATA",
        code: "TIMEOUT",
        message: text,
      },
    ]),
    ["vpc-flow-log-active"],
  );
  const accounts = report.accounts.map((account) => ({
    ...account,
    name: HOSTILE_TEXTS.join(" "),
  }));
  return { ...report, accounts, warnings: HOSTILE_TEXTS };
}
