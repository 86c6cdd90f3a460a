import type { AlibabaCloudOptions } from "../../../../shared/alibaba/alibaba-cloud.ts";
import type { Cloud } from "../../../../shared/audit/cloud.ts";
import type { Organization } from "../../../../shared/audit/organization.ts";
import { USER_AGENT } from "../../../../shared/program/tool.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import { HOME_REGION_ID } from "../../local/local-audit.ts";
import type { SetUp } from "./check.ts";

/** The cloud as an audit sees it. The SDK is loaded on first use: `--help` does not need it. */
export async function openCloud(setUp: SetUp, credentials: Credentials): Promise<Cloud> {
  const { AlibabaCloud } = await import("../../../../shared/alibaba/alibaba-cloud.ts");
  return new AlibabaCloud({ ...optionsOf(setUp), credentials });
}

/** The other accounts, as an audit sees them. */
export async function openOrganization(
  setUp: SetUp,
  credentials: Credentials,
): Promise<Organization> {
  const { AlibabaOrganization } =
    await import("../../../../shared/alibaba/alibaba-organization.ts");
  return new AlibabaOrganization({
    ...optionsOf(setUp),
    credentials: async () => credentials,
    clock: setUp.runtime.clock,
  });
}

function optionsOf({ config, transport }: SetUp): Omit<AlibabaCloudOptions, "credentials"> {
  return {
    endpoints: config.endpoints,
    homeRegionId: HOME_REGION_ID,
    runId: newRunId(),
    acceptLanguage: "en-US",
    userAgent: USER_AGENT,
    transport,
  };
}
