import type { Environment } from "../../shared/program/environment.ts";

/** Where `npm run deploy` puts the functions, what it calls the audit function, and their role. */
export interface Deployment {
  /** Null where `DEPLOY_REGION` is not set. */
  readonly regionId: string | null;
  readonly auditFunction: string;
  /** The account of the functions; null where `ACCOUNT_ID` is not set. */
  readonly accountId: string | null;
  /** The role of the functions. */
  readonly roleName: string;
}

const DEFAULT_NAME = "flowlog-guard";

/**
 * Reads the variables of the deployment, for the commands that use what is deployed. Function
 * Compute's own `FC_REGION` is not read: it is set inside a function only, and the deployment
 * component changes its upload where it is set.
 */
export function deploymentOf(env: Environment): Deployment {
  return {
    regionId: env["DEPLOY_REGION"] ?? null,
    auditFunction: `${env["DEPLOY_NAME"] ?? DEFAULT_NAME}-audit`,
    accountId: env["ACCOUNT_ID"] ?? null,
    roleName: env["ROLE_NAME"] ?? DEFAULT_NAME,
  };
}
