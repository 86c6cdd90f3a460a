import process from "node:process";
import { parseArgs } from "node:util";

import { startEmulator } from "./emulator.ts";
import { SAMPLE_EXTERNAL_ID, SAMPLE_ORGANIZATION } from "./sample-organization.ts";
import { SAMPLE_REGIONS } from "./sample-regions.ts";
import { DEFAULT_WORLD } from "./world.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
const world = { regions: SAMPLE_REGIONS, ...SAMPLE_ORGANIZATION };
const emulator = await startEmulator(world, Number(values.port));
const [key] = DEFAULT_WORLD.keys;

process.stdout.write(`# Alibaba Cloud, emulated, until Ctrl-C. In another terminal:
export FLOWLOG_GUARD_VPC_ENDPOINT=${emulator.endpoint}
export FLOWLOG_GUARD_STS_ENDPOINT=${emulator.endpoint}
export FLOWLOG_GUARD_ECS_ENDPOINT=${emulator.endpoint}
export FLOWLOG_GUARD_SLS_ENDPOINT=${emulator.endpoint}
export FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT=${emulator.endpoint}
export FLOWLOG_GUARD_CLOUD_CONFIG_ENDPOINT=${emulator.endpoint}
export FLOWLOG_GUARD_ACTIONTRAIL_ENDPOINT=${emulator.endpoint}
export ALIBABA_CLOUD_ACCESS_KEY_ID=${key?.accessKeyId}
export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${key?.accessKeySecret}
flowlog-guard audit                # whether the service is activated
flowlog-guard audit --rules all    # whether traffic is recorded, complete, delivered and kept too
flowlog-guard audit --output report.html --output report.csv
flowlog-guard enable               # what would be activated
# Keep every report as evidence; then check that it is whole, and see what it says over time:
export FLOWLOG_GUARD_EVIDENCE=file:./evidence/
flowlog-guard audit
flowlog-guard verify
flowlog-guard history
# All accounts of an organization, of which one refuses its role and one is being deleted:
export FLOWLOG_GUARD_ORGANIZATION_ROLE=flowlog-guard-audit FLOWLOG_GUARD_EXTERNAL_ID=${SAMPLE_EXTERNAL_ID}
flowlog-guard audit
flowlog-guard audit --accounts 'prod-*'
`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void emulator.stop());
}
