import type { Finding, Status } from "../../../audit/finding.ts";
import type { Texts } from "../../../audit/rule-card.ts";
import { STATUSES_WORST_FIRST } from "../../status-order.ts";
import { type Content, element } from "../element.ts";
import { findingView, type FindingViewOptions } from "../finding-view.ts";
import type { SearchableFindings } from "../match-finding.ts";
import { findings as countFindings } from "../report-words.ts";
import { toNodes } from "./to-nodes.ts";

/** Findings that the list shows at first, and that a button adds. */
const STEP = 100;

const SEARCH: Texts = {
  en: "Search account, region, rule, resource, reason, request id",
  zh: "搜索账号、地域、规则、资源、原因、请求 ID",
};
const RESET: Texts = { en: "Show all", zh: "显示全部" };

/** The list of findings with its search, filtered by the page's counters. */
export function showFindings(
  place: Element,
  all: SearchableFindings,
  options: FindingViewOptions,
  only: readonly Status[],
): { search(query: string): void } {
  const search = inputOf(element("input", { type: "search", id: "search", autocomplete: "off" }));
  const label = toNodes(element("label", { for: "search", class: "quiet" }, SEARCH));
  const reset = buttonOf(RESET);
  const count = elementOf(element("p", { role: "status", class: "quiet" }));
  const list = elementOf(element("ol", { class: "findings" }));
  const more = buttonOf({ en: `Show ${STEP} more`, zh: `再显示 ${STEP} 项` });
  const tools = elementOf(element("div", { class: "tools", role: "search" }));
  tools.append(...label, search, reset);
  place.replaceChildren(tools, count, list, more);

  const counters = STATUSES_WORST_FIRST.flatMap((status) =>
    [...document.querySelectorAll(`[data-filter="${status}"]`)].map((button) => ({
      status,
      button,
    })),
  );
  const statuses = new Set<Status>(only);
  let matching: readonly Finding[] = [];
  let shown = 0;

  const showMore = (): void => {
    const next = matching.slice(shown, shown + STEP);
    list.append(...next.flatMap((finding) => toNodes(findingView(finding, options))));
    shown += next.length;
    more.hidden = shown === matching.length;
    count.replaceChildren(...toNodes(countText(shown, matching.length)));
  };
  const update = (): void => {
    matching = all.filter({ statuses, query: search.value });
    for (const { status, button } of counters) {
      button.setAttribute("aria-pressed", String(statuses.has(status)));
    }
    reset.hidden = statuses.size === 0 && search.value === "";
    shown = 0;
    list.replaceChildren();
    showMore();
  };

  for (const { status, button } of counters) {
    button.addEventListener("click", () => {
      if (!statuses.delete(status)) statuses.add(status);
      update();
    });
  }
  search.addEventListener("input", update);
  more.addEventListener("click", () => {
    const next = list.childElementCount;
    showMore();
    // The button may be gone, and the reader goes on with what it brought.
    list.children[next]?.querySelector("summary")?.focus();
  });
  const clear = (query: string): void => {
    statuses.clear();
    search.value = query;
    update();
  };
  reset.addEventListener("click", () => {
    clear("");
    search.focus();
  });
  update();
  return { search: clear };
}

function countText(shown: number, matching: number): Texts {
  const { en, zh } = countFindings(matching);
  return shown === matching
    ? { en: `${en} shown`, zh: `显示 ${zh}` }
    : { en: `${shown} of ${en} shown`, zh: `显示 ${zh}中的前 ${shown} 项` };
}

function elementOf(content: Content): HTMLElement {
  const [node] = toNodes(content);
  if (node instanceof HTMLElement) return node;
  throw new TypeError("The content is not one element.");
}

function buttonOf(name: Texts): HTMLElement {
  return elementOf(element("button", { type: "button" }, name));
}

function inputOf(content: Content): HTMLInputElement {
  const input = elementOf(content);
  if (input instanceof HTMLInputElement) return input;
  throw new TypeError("The content is no input.");
}
