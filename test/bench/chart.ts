import type { Bar, Bars } from "./bench-result.ts";

const WIDTH = 760;
const LABEL_WIDTH = 190;
const LONGEST_BAR = 450;
const BAR_HEIGHT = 16;
const ROW = 22;
const GROUP = 84;
const TOP = 20;

/**
 * The colours suit a light page and, where the reader prefers it, a dark one. GitHub shows an SVG as an
 * image, in which such a style works.
 */
const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.own { fill: #1a7f37; }
.other { fill: #afb8c1; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .own { fill: #3fb950; }
  .other { fill: #57606a; }
}`;

/** Draws what benches measured as an SVG. Each pair of bars has a scale of its own: only ratios count. */
export function chart(groups: readonly Bars[]): string {
  const height = TOP + groups.length * GROUP;
  const label = groups
    .map(({ title, own, other }) => `${title}: ${sayBar(own)}, ${sayBar(other)}`)
    .join(". ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-label="${escapeXml(label)}">`,
    `<style>${STYLE}\n</style>`,
    ...groups.map((group, index) => drawGroup(group, TOP + index * GROUP)),
    "</svg>",
    "",
  ].join("\n");
}

function drawGroup({ title, own, other }: Bars, top: number): string {
  const longest = Math.max(own.value, other.value);
  return [
    `<text class="title" x="0" y="${top}">${escapeXml(title)}</text>`,
    drawBar(own, "own", longest, top + 10),
    drawBar(other, "other", longest, top + 10 + ROW),
  ].join("\n");
}

function drawBar({ label, value, text }: Bar, kind: string, longest: number, top: number): string {
  const width = Math.max(2, Math.round((value / longest) * LONGEST_BAR));
  const base = top + BAR_HEIGHT - 4;
  return [
    `<text x="0" y="${base}">${escapeXml(label)}</text>`,
    `<rect class="${kind}" x="${LABEL_WIDTH}" y="${top}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<text x="${LABEL_WIDTH + width + 8}" y="${base}">${escapeXml(text)}</text>`,
  ].join("\n");
}

function sayBar({ label, text }: Bar): string {
  return `${label} ${text}`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
