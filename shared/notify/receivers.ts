import type { Transport } from "../http/transport.ts";
import { alertmanager } from "./alertmanager.ts";
import { dingtalk } from "./dingtalk.ts";
import { feishu } from "./feishu.ts";
import type { OwnSettings, ReceiverDescriptor } from "./receiver-descriptor.ts";
import { type CommonOptions, type Language, receiverName } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { hostnameOf } from "./vendor-domain.ts";
import { webhook } from "./webhook.ts";
import { wecom } from "./wecom.ts";

/** Every type of receiver. All that is specific to a type is in its own file. */
export const RECEIVERS = [webhook, dingtalk, feishu, wecom, slack, teams, alertmanager] as const;

type Listed = (typeof RECEIVERS)[number];

/** The name of a type, as a configuration says it. */
export type ReceiverType = Listed["type"];

/** The names of all types. */
export const RECEIVER_TYPES: readonly ReceiverType[] = RECEIVERS.map(({ type }) => type);

/** The type of a host that is of no vendor. */
export const GENERIC_TYPE: ReceiverType = webhook.type;

type OwnOptionsOf<D> = D extends { readonly ownOptions: infer O } ? O : never;
type IntersectionOf<U> = (U extends unknown ? (each: U) => void : never) extends (
  all: infer I,
) => void
  ? I
  : never;
/** The options that only one type has, of all types together. */
export type AllOwnOptions = IntersectionOf<OwnOptionsOf<Listed>>;

/** The options that only one type has, of all types together, by their key in the configuration. */
export const OWN_OPTIONS: AllOwnOptions = Object.assign(
  {},
  ...RECEIVERS.map(({ ownOptions }: ReceiverDescriptor) => ownOptions),
);

/** What the configuration says of one receiver. */
export type ReceiverOptions = CommonOptions &
  OwnSettings<AllOwnOptions> & { readonly type: ReceiverType };

/** The descriptor of a type. */
export function descriptorOf(type: ReceiverType): ReceiverDescriptor {
  // The compiler knows that there is one of each.
  return RECEIVERS.find((descriptor) => descriptor.type === type) ?? webhook;
}

/** The language of a receiver's messages: as configured, else that of the vendor's host or the type. */
export function receiverLanguage({ type, url, language }: ReceiverOptions): Language {
  if (language !== undefined) return language;
  const descriptor = descriptorOf(type);
  const hostname = hostnameOf(url);
  const domain = descriptor.domains?.find((candidate) => candidate.domain.test(hostname));
  return domain?.language ?? descriptor.language ?? "en";
}

/** Creates the receivers that the configuration lists; they send through the transport. */
export function createReceivers(
  configured: readonly ReceiverOptions[],
  transport: Transport,
): Receiver[] {
  return configured.map((options) => {
    const defaults = { name: receiverName(options), language: receiverLanguage(options) };
    const { only } = options;
    const receiver = descriptorOf(options.type).create({ ...options, ...defaults }, transport);
    return { ...receiver, ...(only !== undefined && { only }) };
  });
}
