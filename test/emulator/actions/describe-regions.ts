import type { Action } from "../world.ts";

/** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeregions */
export const describeRegions: Action = {
  version: "2016-04-28",
  answer: ({ regions, query }) => ({
    status: 200,
    body: {
      Regions: {
        Region: Object.entries(regions).map(([regionId, seed]) => {
          const { localName = regionId, chineseName = localName } = seed;
          return {
            RegionId: regionId,
            RegionEndpoint: `vpc.${regionId}.aliyuncs.com`,
            LocalName: query.get("AcceptLanguage") === "zh-CN" ? chineseName : localName,
          };
        }),
      },
    },
  }),
  faultFor: ({ world }) => world.faults.DescribeRegions,
};
