import type { Texts } from "../../audit/rule-card.ts";
import { rankOf, STATUSES_WORST_FIRST } from "../status-order.ts";
import { type Content, element } from "./element.ts";
import type { Cell, Row } from "./matrix.ts";
import { STATUS_WORDS } from "./report-words.ts";
import { nameView } from "./subject-view.ts";

/** How the rows of a matrix are called. */
export interface MatrixNames {
  /** Of all rows: accounts, or rules. */
  readonly head: Texts;
  readonly nameOf: (rowId: string) => Content;
}

/** A table of rows and regions. Each row is a link that searches for its findings. */
export function matrixView(
  rows: readonly Row[],
  regionIds: readonly string[],
  names: MatrixNames,
): Content {
  return element(
    "div",
    { class: "table", tabindex: "0", role: "group", "aria-labelledby": "overview" },
    element(
      "table",
      { class: "matrix" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("th", { scope: "col" }, names.head),
          regionIds.map((regionId) =>
            element("th", { scope: "col", class: "region" }, nameView(regionId)),
          ),
        ),
      ),
      element(
        "tbody",
        {},
        rows.map((row) => rowView(row, regionIds, names.nameOf)),
      ),
    ),
  );
}

/** A row of the table. */
export function rowView(
  { id, cells }: Row,
  regionIds: readonly string[],
  nameOf: MatrixNames["nameOf"],
): Content {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, searchLink(id, nameOf(id))),
    regionIds.map((regionId) => cellView(cells.get(regionId))),
  );
}

/**
 * Without a script it leads to the findings; with one it searches them too.
 *
 * @param query - null where it is the text of the link
 */
function searchLink(query: string | null, content: Content): Content {
  return element("a", { href: "#findings", "data-search": query ?? true }, content);
}

function cellView(cell: Cell | undefined): Content {
  if (cell === undefined) {
    return element("td", {}, element("span", { class: "unseen" }, NOT_IN_SCOPE));
  }
  const { status, count, total } = cell;
  const { mark, name } = STATUS_WORDS[status];
  return element(
    "td",
    { "data-status": status },
    mark,
    total > 1 ? element("small", {}, String(count)) : null,
    element("span", { class: "unseen" }, " ", name),
  );
}

const NOT_IN_SCOPE: Texts = { en: "not in scope", zh: "不在范围内" };

/** The regions of one row, by status, the worst first. */
export function tilesView({ cells }: Row): Content {
  return STATUSES_WORST_FIRST.map((status) => {
    const ofStatus = [...cells].filter(([, cell]) => cell.status === status);
    const { mark, name } = STATUS_WORDS[status];
    return ofStatus.length === 0
      ? null
      : [
          element("h3", { class: "group", "data-status": status }, `${mark} `, name),
          element("ul", { class: "tiles", "data-status": status }, ofStatus.map(tileView)),
        ];
  });
}

function tileView([regionId, { count, total, localName = "" }]: readonly [string, Cell]): Content {
  return element(
    "li",
    {},
    searchLink(null, nameView(regionId)),
    total > 1 ? ` ${count}/${total}` : null,
    localName === "" ? null : [" ", element("small", {}, nameView(localName))],
  );
}

/** The mark and the word of each status that some cell has. */
export function legendView(rows: readonly Row[]): Content {
  const statuses = new Set(rows.flatMap(({ cells }) => [...cells.values()].map((it) => it.status)));
  return element(
    "p",
    { class: "legend" },
    [...statuses]
      .toSorted((a, b) => rankOf(a) - rankOf(b))
      .map((status) => {
        const { mark, name } = STATUS_WORDS[status];
        return [element("span", { "data-status": status }, element("b", {}, mark), " ", name), " "];
      }),
  );
}
