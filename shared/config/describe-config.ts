import type { Endpoint, Endpoints } from "../endpoint.ts";
import { type Config, DEFAULT_DEADLINE_MS } from "./config.ts";
import { formatDuration } from "./duration.ts";

const MASK = "***";

/** The configuration in the words of the file, with every secret masked. */
export function describeConfig(config: Config): Record<string, unknown> {
  const { vpc, sts, fc } = config.endpoints;
  return {
    regions: config.regions,
    concurrency: config.concurrency,
    timeout: formatDuration(config.timeoutMs),
    deadline: formatDuration(config.deadlineMs ?? DEFAULT_DEADLINE_MS),
    exemptions: config.exemptions.map(({ warnsFrom: _warnsFrom, ...said }) => said),
    alerts: {
      receivers: config.alerts.receivers.map(({ type, url, secret }) => ({
        type,
        url: `${new URL(url).origin}/${MASK}`,
        ...(secret !== undefined && { secret: MASK }),
      })),
    },
    endpoints: {
      vpc: formatEndpoints(vpc),
      sts: sts === null ? null : formatEndpoint(sts),
      fc: fc === null ? null : formatEndpoint(fc),
    },
  };
}

/** One endpoint for every region is written as such, as the file takes it. */
function formatEndpoints(vpc: Endpoints["vpc"]): string | Record<string, string> {
  const { "*": every, ...regional } = vpc;
  if (every !== undefined) return formatEndpoint(every);
  return Object.fromEntries(
    Object.entries(regional).map(([regionId, endpoint]) => [regionId, formatEndpoint(endpoint)]),
  );
}

function formatEndpoint({ protocol, host }: Endpoint): string {
  return `${protocol.toLowerCase()}://${host}`;
}
