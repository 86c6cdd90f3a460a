import type { RegionSeed } from "./world.ts";

/** A typical cloud: most regions activated, one not activated, one unreadable. */
export const SAMPLE_REGIONS: Readonly<Record<string, RegionSeed>> = {
  "cn-hangzhou": { activated: true, localName: "China (Hangzhou)" },
  "cn-shanghai": {
    activated: true,
    localName: "China (Shanghai)",
    fault: { kind: "slow", ms: 400 },
  },
  "cn-beijing": {
    activated: true,
    localName: "China (Beijing)",
    fault: { kind: "throttled", times: 2, headers: { "x-acs-retry-after": "150" } },
  },
  "cn-heyuan": { activated: false, localName: "China (Heyuan)" },
  "ap-southeast-1": { activated: true, localName: "Singapore" },
  "ap-southeast-5": {
    activated: false,
    localName: "Indonesia (Jakarta)",
    fault: { kind: "slow", ms: 900 },
  },
  "eu-central-1": { activated: true, localName: "Germany (Frankfurt)" },
  "me-east-1": { activated: true, localName: "UAE (Dubai)", fault: { kind: "denied" } },
};
