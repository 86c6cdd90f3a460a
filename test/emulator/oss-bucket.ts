/** A retention policy, as the service writes it. */
export interface EmulatedWorm {
  readonly state: string;
  readonly days: number;
  readonly createdAt: string;
}

/** What a bucket's answers about itself depend on. */
export interface BucketSeed {
  /** Whether a retention policy is in force: no object can be overwritten or deleted. @default false */
  readonly locked?: boolean;
  /** What is said of the retention policy. @default one of 30 days where the bucket is locked, else none */
  readonly worm?: EmulatedWorm;
  /** Methods that no policy allows; of the bucket itself, ListObjects and GetBucketWorm. */
  readonly denied?: readonly string[];
}

const THIRTY_DAYS: EmulatedWorm = {
  state: "Locked",
  days: 30,
  createdAt: "2026-11-01T08:00:00.000Z",
};

type Answer = { readonly xml: string } | { readonly status: number; readonly code: string };

/**
 * Answers a request about the bucket itself: its objects, or its retention policy.
 *
 * @returns null for anything else
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectsv2
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketworm
 */
export function answerAboutBucket(
  query: string,
  seed: BucketSeed,
  keys: readonly string[],
): Answer | null {
  const asked = new URLSearchParams(query);
  const isDenied = (action: string): boolean => seed.denied?.includes(action) === true;
  const denied = { status: 403, code: "AccessDenied" };
  if (asked.get("list-type") === "2")
    return isDenied("ListObjects") ? denied : listing(asked, keys);
  if (!asked.has("worm")) return null;
  if (isDenied("GetBucketWorm")) return denied;
  const worm = seed.worm ?? (seed.locked === true ? THIRTY_DAYS : null);
  return worm === null
    ? { status: 404, code: "NoSuchWORMConfiguration" }
    : {
        xml: `<?xml version="1.0" encoding="UTF-8"?>
<WormConfiguration>
  <WormId>1666E2CFB2B3418****</WormId>
  <State>${worm.state}</State>
  <RetentionPeriodInDays>${worm.days}</RetentionPeriodInDays>
  <CreationDate>${worm.createdAt}</CreationDate>
</WormConfiguration>
`,
      };
}

/** A page of the keys in the order of their bytes, of which OSS returns 1,000 at most. */
function listing(asked: URLSearchParams, keys: readonly string[]): Answer {
  const [prefix, after] = [asked.get("prefix") ?? "", asked.get("start-after") ?? ""];
  const maxKeys = Number(asked.get("max-keys") ?? "100");
  if (!(maxKeys >= 1 && maxKeys <= 1_000)) return { status: 400, code: "InvalidArgument" };
  const left = keys
    .filter(
      (key) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0,
    )
    .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const page = left.slice(0, maxKeys);
  const encode = asked.get("encoding-type") === "url" ? encodeURIComponent : (text: string) => text;
  const contents = page.map(
    (key) => `  <Contents><Key>${encode(key)}</Key><Size>1</Size></Contents>`,
  );
  return {
    xml: `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult>
  <Prefix>${encode(prefix)}</Prefix>
  <MaxKeys>${maxKeys}</MaxKeys>
  <IsTruncated>${page.length < left.length}</IsTruncated>
  <KeyCount>${page.length}</KeyCount>
${contents.join("\n")}
</ListBucketResult>
`,
  };
}
