import type { Action } from "../world.ts";

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity */
export const getCallerIdentity: Action = {
  version: "2015-04-01",
  answer: ({ world, accountId, key }) => ({
    status: 200,
    body: {
      IdentityType: "RAMUser",
      AccountId: accountId,
      PrincipalId: "200000000000000001",
      UserId: "200000000000000001",
      Arn: key?.arn ?? world.arn,
    },
  }),
  faultFor: ({ world }) => world.faults.GetCallerIdentity,
};
