import type { Finding } from "../../shared/audit/finding.ts";

/**
 * Thirty regions by id, with the names of DescribeRegions in both languages.
 *
 * @see https://www.alibabacloud.com/help/en/cloud-migration-guide-for-beginners/latest/regions-and-zones
 */
const REGIONS = [
  ["cn-heyuan", "China (Heyuan)", "华南2（河源）"],
  ["cn-qingdao", "China (Qingdao)", "华北1（青岛）"],
  ["cn-beijing", "China (Beijing)", "华北2（北京）"],
  ["cn-zhangjiakou", "China (Zhangjiakou)", "华北3（张家口）"],
  ["cn-huhehaote", "China (Hohhot)", "华北5（呼和浩特）"],
  ["cn-wulanchabu", "China (Ulanqab)", "华北6（乌兰察布）"],
  ["cn-hangzhou", "China (Hangzhou)", "华东1（杭州）"],
  ["cn-shanghai", "China (Shanghai)", "华东2（上海）"],
  ["cn-nanjing", "China (Nanjing - Local Region)", "华东5（南京-本地地域）"],
  ["cn-fuzhou", "China (Fuzhou - Local Region)", "华东6（福州-本地地域）"],
  ["cn-wuhan-lr", "China (Wuhan - Local Region)", "华中1（武汉-本地地域）"],
  ["cn-shenzhen", "China (Shenzhen)", "华南1（深圳）"],
  ["cn-guangzhou", "China (Guangzhou)", "华南3（广州）"],
  ["cn-chengdu", "China (Chengdu)", "西南1（成都）"],
  ["cn-hongkong", "China (Hong Kong)", "中国香港"],
  ["ap-southeast-1", "Singapore", "新加坡"],
  ["ap-southeast-3", "Malaysia (Kuala Lumpur)", "马来西亚（吉隆坡）"],
  ["ap-southeast-5", "Indonesia (Jakarta)", "印度尼西亚（雅加达）"],
  ["ap-southeast-6", "Philippines (Manila)", "菲律宾（马尼拉）"],
  ["ap-southeast-7", "Thailand (Bangkok)", "泰国（曼谷）"],
  ["ap-northeast-1", "Japan (Tokyo)", "日本（东京）"],
  ["ap-northeast-2", "South Korea (Seoul)", "韩国（首尔）"],
  ["us-west-1", "US (Silicon Valley)", "美国（硅谷）"],
  ["us-east-1", "US (Virginia)", "美国（弗吉尼亚）"],
  ["na-south-1", "Mexico", "墨西哥"],
  ["eu-central-1", "Germany (Frankfurt)", "德国（法兰克福）"],
  ["eu-west-1", "UK (London)", "英国（伦敦）"],
  ["me-east-1", "UAE (Dubai)", "阿联酋（迪拜）"],
  ["me-central-1", "SAU (Riyadh)", "沙特（利雅得）"],
  ["cn-zhengzhou-jva", "China (Zhengzhou)", "郑州（联通合营）"],
] as const;

/** Puts the finding of `cn-r0` into the first of the regions, and so on; the names are Chinese. */
export function inRealRegion(finding: Finding): Finding {
  const region = REGIONS[Number(finding.regionId.slice("cn-r".length))];
  if (region === undefined) throw new Error(`there is no region for ${finding.regionId}`);
  const [regionId, , localName] = region;
  return { ...finding, regionId, localName };
}

/** The English names by id. */
export const ENGLISH_NAMES: ReadonlyMap<string, string> = new Map(
  REGIONS.map(([regionId, name]) => [regionId, name]),
);
