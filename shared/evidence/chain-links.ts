import { groupBy } from "../audit/group-by.ts";

/** A manifest, by its own digest and that of the one before; null for a beginning. */
export interface Link {
  readonly sha256: string;
  readonly previousSha256: string | null;
}

/** In the place of a digest. */
const BEGINNING = "";

/** How manifests are linked to one another. */
export class ChainLinks<Linked extends Link> {
  readonly #links: readonly Linked[];
  readonly #bySha256: ReadonlyMap<string, Linked>;
  readonly #next: ReadonlyMap<string, readonly Linked[]>;

  /** @param links - in the order of time */
  constructor(links: readonly Linked[]) {
    this.#links = links;
    this.#bySha256 = new Map(links.map((link) => [link.sha256, link]));
    this.#next = groupBy(links, ({ previousSha256 }) => previousSha256 ?? BEGINNING);
  }

  get size(): number {
    return this.#links.length;
  }

  /** The earliest. */
  get first(): Linked | null {
    return this.#links[0] ?? null;
  }

  get(sha256: string): Linked | null {
    return this.#bySha256.get(sha256) ?? null;
  }

  /** Those that name none before them, in the order of time. */
  get beginnings(): readonly Linked[] {
    return this.#next.get(BEGINNING) ?? [];
  }

  /** Those that no other one names, in the order of time: the last is the head of the chain. */
  get ends(): readonly Linked[] {
    return this.#links.filter(({ sha256 }) => !this.#next.has(sha256));
  }

  /** Those that name one which is not there. */
  get withoutPrevious(): readonly Linked[] {
    return this.#links.filter(
      ({ previousSha256 }) => previousSha256 !== null && !this.#bySha256.has(previousSha256),
    );
  }

  /** Those that lead back neither to a beginning nor to a missing one: they lead back to themselves. */
  get inCycle(): readonly Linked[] {
    const reached = new Set<Linked>();
    for (const link of [...this.beginnings, ...this.withoutPrevious]) {
      reached.add(link);
      for (const follower of this.followers(link)) reached.add(follower);
    }
    return this.#links.filter((link) => !reached.has(link));
  }

  /** All that lead back to a link, without itself. */
  followers({ sha256 }: Link): ReadonlySet<Linked> {
    const found = new Set<Linked>();
    const open = [...(this.#next.get(sha256) ?? [])];
    for (let link = open.pop(); link !== undefined; link = open.pop()) {
      if (found.has(link)) continue;
      found.add(link);
      for (const follower of this.#next.get(link.sha256) ?? []) open.push(follower);
    }
    return found;
  }
}
