import { type ActionAnswer, errorAnswer } from "./answer.ts";

/** Items on a page at most, of the VPC API. */
const MAX_PAGE_SIZE = 50;

/** A page, and what the service says of it. */
interface NumberedPage<T> {
  readonly items: readonly T[];
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly totalCount: number;
}

/**
 * The page that a query asks for by its number. Pages are counted anew at each call, so that what goes
 * between two calls moves what follows.
 *
 * @param defaultSize - items on a page where the query does not say
 */
export function numberedPage<T>(
  items: readonly T[],
  query: URLSearchParams,
  defaultSize: number,
): NumberedPage<T> | ActionAnswer {
  const pageNumber = Number(query.get("PageNumber") ?? 1);
  const pageSize = Number(query.get("PageSize") ?? defaultSize);
  if (!Number.isInteger(pageNumber) || pageNumber < 1) return invalid("PageNumber");
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
    return invalid("PageSize");
  }
  const first = (pageNumber - 1) * pageSize;
  return {
    items: items.slice(first, first + pageSize),
    pageNumber,
    pageSize,
    totalCount: items.length,
  };
}

/** A page, and the token of the next one; an empty one on the last. */
interface TokenPage<T> {
  readonly items: readonly T[];
  readonly nextToken: string;
}

/** How many items a page can have. */
interface PageLimits {
  readonly min: number;
  readonly default: number;
  readonly max: number;
}

/** Those of ECS. */
const ECS_PAGE: PageLimits = { min: 10, default: 10, max: 500 };
/** Begins what a token hides, so that a made-up one is refused. */
const AFTER = "after:";

/**
 * The page that a query asks for by a token, which hides the id of the last item before it: whatever comes
 * or goes between two calls, nothing that stays is missed.
 */
export function tokenPage<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  query: URLSearchParams,
  limits: PageLimits = ECS_PAGE,
): TokenPage<T> | ActionAnswer {
  const maxResults = Number(query.get("MaxResults") ?? limits.default);
  if (!(maxResults >= limits.min && maxResults <= limits.max)) return invalid("MaxResults");
  const token = query.get("NextToken") ?? "";
  const hidden = Buffer.from(token, "base64url").toString("utf8");
  if (token !== "" && !hidden.startsWith(AFTER)) return invalid("NextToken");
  const last = hidden.slice(AFTER.length);
  const rest = items
    .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
    .filter((item) => idOf(item) > last);
  const page = rest.slice(0, maxResults);
  const end = page.at(-1);
  const isLast = end === undefined || rest.length <= maxResults;
  return {
    items: page,
    nextToken: isLast ? "" : Buffer.from(`${AFTER}${idOf(end)}`).toString("base64url"),
  };
}

function invalid(parameter: string): ActionAnswer {
  const message = `The specified parameter "${parameter}" is not valid.`;
  return errorAnswer(400, `InvalidParameter.${parameter}`, message);
}
