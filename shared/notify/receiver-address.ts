import { problemOfIpv6 } from "../http/endpoint.ts";
import { isLoopback } from "../http/loopback.ts";
import type { ReceiverType } from "./receiver.ts";

interface Vendor {
  readonly type: ReceiverType;
  readonly called: string;
  /** Every host of the vendor. */
  readonly domain: RegExp;
  /** The hosts among them that take messages. */
  readonly takes: RegExp;
  /** How a person finds one of those. */
  readonly example: string;
}

/** Lark, which Feishu is called outside of China. */
const LARK = /(^|\.)lark(suite|office)\.com$/;

const VENDORS: readonly Vendor[] = [
  {
    type: "dingtalk",
    called: "DingTalk",
    domain: /(^|\.)dingtalk\.com$/,
    takes: /^oapi\.dingtalk\.com$/,
    example: "oapi.dingtalk.com",
  },
  {
    type: "feishu",
    called: "Feishu",
    domain: /(^|\.)feishu\.cn$/,
    takes: /^open\.feishu\.cn$/,
    example: "open.feishu.cn",
  },
  {
    type: "feishu",
    called: "Lark",
    domain: LARK,
    takes: /^open\.lark(suite|office)\.com$/,
    example: "open.larksuite.com",
  },
  {
    type: "wecom",
    called: "WeCom",
    domain: /(^|\.)weixin\.qq\.com$/,
    takes: /^qyapi\.weixin\.qq\.com$/,
    example: "qyapi.weixin.qq.com",
  },
  {
    type: "slack",
    called: "Slack",
    domain: /(^|\.)slack(-gov)?\.com$/,
    takes: /^hooks\.slack(-gov)?\.com$/,
    example: "hooks.slack.com",
  },
  {
    type: "teams",
    called: "Teams",
    // The public cloud, those of the US government (GCC, GCC High, DoD) and that in China.
    domain:
      /(^|\.)logic\.azure\.(com|us|cn)$|\.api\.powerplatform\.(com|us)$|\.api\.(gov|high)\.powerplatform\.microsoft\.us$/,
    takes:
      /\.logic\.azure\.(com|us|cn)$|\.environment\.api\.powerplatform\.(com|us)$|\.api\.(gov|high)\.powerplatform\.microsoft\.us$/,
    example: "*.environment.api.powerplatform.com",
  },
];

/** Whether an address is of Lark, whose users read English. */
export function isLark(address: string): boolean {
  return LARK.test(hostnameOf(new URL(address)));
}

/** Office's connectors, which Microsoft has retired. */
const RETIRED = /(^|\.)webhook\.office\.com$/;

/** The type of the receiver at an address: that of a chat vendor's host, else a generic webhook. */
export function inferReceiverType(address: string): ReceiverType {
  if (!URL.canParse(address)) return "webhook";
  const hostname = hostnameOf(new URL(address));
  return VENDORS.find(({ takes }) => takes.test(hostname))?.type ?? "webhook";
}

/**
 * Says what is wrong with the address of a receiver of this type, or null. Never quotes the
 * address: its path and query are as good as a password. Hosts of one's own are fine for every
 * type: many run their gateway there.
 *
 * @param insecure - whether plain http is taken beyond loopback
 */
export function problemOfReceiverAddress(
  address: string,
  type: ReceiverType,
  insecure = false,
): string | null {
  const problem = URL.canParse(address) ? problemOfHost(hostnameOf(new URL(address)), type) : null;
  return problem ?? problemOfAddress(address, insecure);
}

/**
 * Says why nothing can be posted to an address, or not safely; null where it can. Never quotes it.
 *
 * @param insecure - whether plain http is taken beyond loopback
 */
export function problemOfAddress(address: string, insecure = false): string | null {
  if (!URL.canParse(address)) {
    const problem = problemOfIpv6(address) ?? "is not an address: write https://host/path";
    return `${problem} (value not shown)`;
  }
  const { username, password, protocol, hostname } = new URL(address);
  if (username !== "" || password !== "") {
    return "has a user name or password in it, which no request would carry: take them out";
  }
  if (protocol === "https:") return null;
  if (protocol === "http:" && (insecure || isLoopback(hostname))) return null;
  return protocol === "http:"
    ? `would send what it says in clear to ${hostname}: use https (http is for loopback only)`
    : "is not an https address (value not shown)";
}

function problemOfHost(hostname: string, type: ReceiverType): string | null {
  if (RETIRED.test(hostname)) {
    return `is an address of Teams (${hostname}), of the connectors that Microsoft has retired: make a workflow "When a Teams webhook request is received", and use its address`;
  }
  const vendor = VENDORS.find(({ domain }) => domain.test(hostname));
  if (vendor === undefined) return null;
  const told = `is an address of ${vendor.called} (${hostname})`;
  if (!vendor.takes.test(hostname)) {
    return `${told}, but none that takes messages: those are at ${vendor.example}`;
  }
  if (type === vendor.type) return null;
  return type === "webhook"
    ? `${told}, which does not take generic webhooks, so the alert would be lost: leave out the type, or use an address of your own gateway`
    : `${told}, which does not take what is written for ${type}: correct the type, or leave it out`;
}

/** A dot at the end means the same host. */
function hostnameOf({ hostname }: URL): string {
  return hostname.replace(/\.$/, "");
}
