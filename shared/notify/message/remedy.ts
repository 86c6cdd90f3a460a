import { cleanText } from "./clean-text.ts";

/** What the control is called that all this is about. */
export const CONTROL = "CIS-2.5";

/** The page of the console on which flow logs of a region are activated. */
export function consoleUrl(regionId: string): string {
  return `https://vpc.console.aliyun.com/flowlog/${encode(cleanText(regionId))}/flowlogs`;
}

/** The command that activates them. */
export function openCommand(regionId: string): string {
  return `aliyun vpc OpenFlowLogService --RegionId ${cleanText(regionId)}`;
}

/** Also what a URL may hold, and the brackets of a link may not. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*~_]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
