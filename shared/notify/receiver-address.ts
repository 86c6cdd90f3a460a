import { problemOfIpv6 } from "../http/endpoint.ts";
import { isLoopback } from "../http/hostname.ts";
import type { ReceiverDescriptor } from "./receiver-descriptor.ts";
import { GENERIC_TYPE, RECEIVERS, type ReceiverType } from "./receivers.ts";
import { hostnameOf, acceptsMessages, type VendorDomain } from "./vendor-domain.ts";

/** All vendors' domains, each with its type. */
const DOMAINS = RECEIVERS.flatMap(({ type, domains = [] }: Listed) =>
  domains.map((domain) => ({ ...domain, type })),
);
type Listed = ReceiverDescriptor & { readonly type: ReceiverType };

/** The type of the receiver at an address: that of a vendor's host, else a generic webhook. */
export function inferReceiverType(address: string): ReceiverType {
  if (!URL.canParse(address)) return GENERIC_TYPE;
  const hostname = hostnameOf(address);
  return DOMAINS.find((domain) => acceptsMessages(domain, hostname))?.type ?? GENERIC_TYPE;
}

/**
 * Says what is wrong with the address of a receiver of this type, or null. Never quotes the
 * address: its path and query are secrets. Every type allows hosts outside the vendor's domain, since
 * many users run their own gateway.
 *
 * @param insecure - whether plain http is allowed beyond loopback
 */
export function problemOfReceiverAddress(
  address: string,
  type: ReceiverType,
  insecure = false,
): string | null {
  const problem = URL.canParse(address) ? problemOfHost(hostnameOf(address), type) : null;
  return problem ?? problemOfAddress(address, insecure);
}

/**
 * Says why nothing can be posted to an address, or not safely; null where it can. Never quotes it.
 *
 * @param insecure - whether plain http is allowed beyond loopback
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
  const domain = DOMAINS.find((candidate) => candidate.domain.test(hostname));
  if (domain === undefined) return null;
  const address = `is an address of ${domain.called} (${hostname})`;
  if (!acceptsMessages(domain, hostname)) return `${address}, ${whatToUse(domain)}`;
  if (type === domain.type) return null;
  return type === GENERIC_TYPE
    ? `${address}, which does not take generic webhooks, so the alert would be lost: leave out the type, or use an address of your own gateway`
    : `${address}, which does not take what is written for ${type}: correct the type, or leave it out`;
}

function whatToUse({ acceptsMessages: accepting }: VendorDomain): string {
  if ("retired" in accepting) return accepting.retired;
  return `but none that takes messages: those are at ${accepting.example}`;
}
