import type { Language } from "./receiver-options.ts";

/** The hosts of a chat vendor, by which a type is inferred and a wrong address is found. */
export interface VendorDomain {
  /** The vendor's name in this domain. */
  readonly called: string;
  /** Matches every host of the vendor. */
  readonly domain: RegExp;
  /** Which of them accept messages, with an example; or what to use, where none does any more. */
  readonly acceptsMessages: { readonly hosts: RegExp; readonly example: string } | Retired;
  /** The language of messages there, where it is not the type's default. */
  readonly language?: Language;
}

/** Hosts that the vendor has switched off. */
interface Retired {
  /** The end of a sentence: what they were, and what to use. */
  readonly retired: string;
}

/** The host of an address, without a dot at its end: that means the same host. */
export function hostnameOf(address: string): string {
  return new URL(address).hostname.replace(/\.$/, "");
}

/** Whether a host is one of those that accept messages. */
export function acceptsMessages(
  { acceptsMessages: accepting }: VendorDomain,
  hostname: string,
): boolean {
  return "hosts" in accepting && accepting.hosts.test(hostname);
}
