import type { Mentions } from "./receiver-options.ts";
import type { ReceiverType } from "./receiver.ts";
import { problemOfWebhookSecret } from "./webhook-signature.ts";

/** What a type of receiver knows to do: an option for anything else would be silently lost. */
export interface Abilities {
  /** What people call it. */
  readonly called: string;
  /** Says what is wrong with a secret; null where the type cannot sign. */
  readonly problemOfSecret: ((secret: string) => string | null) | null;
  /** The kinds of mention that it has. */
  readonly mentions: readonly (keyof Mentions)[];
  readonly language: boolean;
  readonly keyword: boolean;
  readonly validFor: boolean;
  /** Whether several secrets may sign at once. */
  readonly secrets: boolean;
  /** Whether it is a server of one's own, which may want authentication and headers, or have no TLS. */
  readonly request: boolean;
  readonly labels: boolean;
}

const CHAT = {
  language: true,
  keyword: true,
  validFor: false,
  secrets: false,
  request: false,
  labels: false,
} as const;

export const ABILITIES: Readonly<Record<ReceiverType, Abilities>> = {
  webhook: {
    called: "a generic webhook",
    problemOfSecret: problemOfWebhookSecret,
    mentions: [],
    language: false,
    keyword: false,
    validFor: false,
    secrets: true,
    request: true,
    labels: false,
  },
  dingtalk: {
    called: "a DingTalk robot",
    problemOfSecret: problemOfRobotSecret,
    mentions: ["mobiles", "userIds", "everyone"],
    ...CHAT,
  },
  feishu: {
    called: "a Feishu bot",
    problemOfSecret: problemOfRobotSecret,
    mentions: ["userIds", "everyone"],
    ...CHAT,
  },
  wecom: { called: "a WeCom robot", problemOfSecret: null, mentions: ["userIds"], ...CHAT },
  slack: {
    called: "a Slack webhook",
    problemOfSecret: null,
    mentions: ["userIds", "everyone"],
    ...CHAT,
  },
  teams: { called: "a Teams workflow", problemOfSecret: null, mentions: ["userIds"], ...CHAT },
  alertmanager: {
    called: "an Alertmanager",
    problemOfSecret: null,
    mentions: [],
    language: true,
    keyword: false,
    validFor: true,
    secrets: false,
    request: true,
    labels: true,
  },
};

/** Says what is wrong with the secret of a chat robot, or null. Never quotes it. */
function problemOfRobotSecret(secret: string): string | null {
  if (secret === "") return "is empty";
  return /\s/.test(secret)
    ? "has white space in it, as no vendor's secret has (value not shown)"
    : null;
}
