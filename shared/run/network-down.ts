import type { Reason } from "../audit/finding.ts";

/** What it means when no host at all resolves: not that there are no regions. */
export const NETWORK_DOWN: Reason = {
  code: "UNREACHABLE",
  message: "No host name could be resolved. Check the network and its DNS.",
};
