import picocolors from "picocolors";

/** A message to a chat robot, as the chat shows it: bold titles, and links by their words. */
export function chatText(body: string): string {
  const message: unknown = JSON.parse(body);
  const text = isDingTalk(message) ? dingTalkText(message) : slackText(message);
  const bar = picocolors.dim("│");
  return text
    .split("\n")
    .map((line) => `${bar} ${line}`.trimEnd())
    .join("\n");
}

/** The first line of a message, which is all that a phone shows of it. */
export function chatTitle(body: string): string {
  return chatText(body).split("\n")[0]?.replace(/^\S+ /, "") ?? "";
}

interface DingTalkMessage {
  readonly markdown: { readonly text: string };
}

function isDingTalk(message: unknown): message is DingTalkMessage {
  return typeof message === "object" && message !== null && "markdown" in message;
}

function dingTalkText({ markdown }: DingTalkMessage): string {
  return markdown.text
    .replaceAll(/^### (.*)$/gm, (_, title: string) => picocolors.bold(title))
    .replaceAll(/\*\*(.+?)\*\*/g, (_, words: string) => picocolors.bold(words))
    .replaceAll(/\[([^\]]+)\]\(https:[^)]*\)/g, (_, words: string) => picocolors.underline(words))
    .replaceAll(/ +$/gm, "");
}

function slackText(message: unknown): string {
  const blocks: { type: string; text: { text: string } }[] = Object(message).blocks;
  return blocks
    .map(({ type, text: { text } }) => (type === "header" ? picocolors.bold(text) : mrkdwn(text)))
    .join("\n\n");
}

function mrkdwn(text: string): string {
  return text
    .replaceAll(/\*(.+?)\*/g, (_, words: string) => picocolors.bold(words))
    .replaceAll(/<https:[^|>]*\|([^>]+)>/g, (_, words: string) => picocolors.underline(words))
    .replaceAll(/`([^`]+)`/g, "$1");
}
