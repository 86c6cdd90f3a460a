import type { Endpoint } from "../../shared/http/endpoint.ts";
import type { Endpoints } from "../../shared/service/endpoints.ts";

/** The services of an audit at one address, that of an emulator. */
export function endpointsAt(endpoint: Endpoint): Endpoints {
  return {
    vpc: { "*": endpoint },
    sts: endpoint,
    ecs: endpoint,
    sls: endpoint,
    resourceDirectory: endpoint,
    cloudConfig: endpoint,
    actionTrail: endpoint,
    fc: null,
    oss: null,
  };
}

/** Every service at its public address. */
export const NO_ENDPOINTS: Endpoints = {
  vpc: {},
  sts: null,
  ecs: null,
  sls: null,
  resourceDirectory: null,
  cloudConfig: null,
  actionTrail: null,
  fc: null,
  oss: null,
};
