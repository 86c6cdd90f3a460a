import type { Finding, Status } from "../../audit/finding.ts";
import { rankOf } from "../status-order.ts";

/** What the findings of a row say about a region. */
export interface Cell {
  /** The worst status. */
  readonly status: Status;
  /** How many findings have it. */
  readonly count: number;
  readonly total: number;
  readonly localName?: string;
}

/** A row of the matrix: an account, or a rule. */
export interface Row {
  readonly id: string;
  /** By region. */
  readonly cells: ReadonlyMap<string, Cell>;
}

/**
 * Sums findings up by row and region. The rows with the most of the worst status come first; rows alike
 * keep their order.
 */
export function matrixOf(
  findings: readonly Finding[],
  rowOf: (finding: Finding) => string,
): readonly Row[] {
  const rows = new Map<string, Map<string, Cell>>();
  for (const finding of findings) {
    const id = rowOf(finding);
    const cells = rows.get(id) ?? new Map<string, Cell>();
    rows.set(id, cells);
    cells.set(finding.regionId, withFinding(cells.get(finding.regionId), finding));
  }
  return [...rows]
    .map(([id, cells]) => ({ id, cells, ranks: ranksOf(cells) }))
    .toSorted((a, b) => compareRanks(a.ranks, b.ranks));
}

function withFinding(cell: Cell | undefined, { status, localName }: Finding): Cell {
  const named = localName === undefined ? {} : { localName };
  if (cell === undefined) return { status, count: 1, total: 1, ...named };
  const total = cell.total + 1;
  if (cell.status === status) return { ...cell, count: cell.count + 1, total };
  return rankOf(status) < rankOf(cell.status)
    ? { ...cell, status, count: 1, total }
    : { ...cell, total };
}

/** How many cells have each status, the worst first. */
function ranksOf(cells: ReadonlyMap<string, Cell>): number[] {
  const ranks = [0, 0, 0, 0, 0];
  for (const { status } of cells.values()) {
    const rank = rankOf(status);
    ranks[rank] = (ranks[rank] ?? 0) + 1;
  }
  return ranks;
}

/** Cells that are compliant or not applicable are no reason to come first. */
function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let rank = 0; rank <= rankOf("IGNORED"); rank++) {
    const difference = (b[rank] ?? 0) - (a[rank] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
