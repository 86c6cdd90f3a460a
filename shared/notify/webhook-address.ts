import { isLoopback } from "../loopback.ts";

/** Hosts of chat vendors, which take no generic webhook, and what they are called. */
const CHAT_VENDORS: readonly (readonly [host: RegExp, vendor: string])[] = [
  [/(^|\.)dingtalk\.com$/, "DingTalk"],
  [/(^|\.)feishu\.cn$/, "Feishu"],
  [/(^|\.)larksuite\.com$/, "Lark"],
  [/(^|\.)weixin\.qq\.com$/, "WeCom"],
  [/(^|\.)slack(-gov)?\.com$/, "Slack"],
  [/(^|\.)logic\.azure\.com$|\.api\.powerplatform\.com$|(^|\.)webhook\.office\.com$/, "Teams"],
];

/**
 * Says what is wrong with the address of a generic webhook, or null. Never quotes the address: its
 * path and query are as good as a password. Private addresses are fine: many run their gateway
 * there.
 */
export function problemOfWebhookAddress(address: string): string | null {
  if (!URL.canParse(address)) return "is not an address: write https://host/path (value not shown)";
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") {
    return "has a user name or password in it, which no request would carry: take them out";
  }
  const hostname = url.hostname.replace(/\.$/, "");
  const vendor = CHAT_VENDORS.find(([host]) => host.test(hostname))?.[1];
  if (vendor !== undefined) {
    return `is an address of ${vendor} (${url.hostname}), which does not take generic webhooks, so the alert would be lost: use an address of your own gateway`;
  }
  if (url.protocol === "https:") return null;
  if (url.protocol === "http:" && isLoopback(url.hostname)) return null;
  return url.protocol === "http:"
    ? `would send the alert in clear to ${url.hostname}: use https (http is for loopback only)`
    : "is not an https address (value not shown)";
}
