import type { Permission } from "../audit/permission.ts";
import { isRegionId } from "../audit/scope.ts";
import { isSafeToEcho } from "../text/safe-to-echo.ts";

/** The storage of the state or the evidence: none, a file or folder, or a prefix in an OSS bucket. */
export type StorageAddress =
  | { readonly kind: "none" }
  | {
      readonly kind: "file";
      /** Absolute, or relative to the working directory. That of a folder ends in a slash. */
      readonly path: string;
    }
  | {
      readonly kind: "oss";
      readonly bucket: string;
      /** Begins the name of every object: empty, or with a slash at its end. */
      readonly prefix: string;
      /** The region of the bucket; null for the region of the run. */
      readonly regionId: string | null;
    };

/** What is kept at an address, and how the address of a file looks. */
interface Kept {
  readonly called: string;
  readonly example: string;
  /** Whether it is a folder of files, and not one file. */
  readonly isFolder: boolean;
}

const STATE: Kept = { called: "a state", example: "file:./state.json", isFolder: false };
const EVIDENCE: Kept = { called: "evidence", example: "file:./evidence/", isFolder: true };

/** @see https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions */
export const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** Narrower than OSS allows: wildcards in a RAM policy's resource would match other objects too. */
export const PREFIX = /^[\w.=-]+(\/[\w.=-]+)*\/?$/;
/** Leaves room for an object's name: OSS allows 1023 bytes for both. */
const MAX_PREFIX_LENGTH = 900;

/**
 * Reads the address of a state: `none`, `file:PATH` (a literal path without escapes) or `oss://BUCKET/PREFIX/?region=REGION`
 * (prefix and region are optional).
 *
 * @returns the address, or the predicate of a sentence that says what is wrong without quoting the text
 */
export function parseStorageAddress(text: string): StorageAddress | { readonly problem: string } {
  return parseAddressOf(STATE, text);
}

/** Reads the address of evidence: as {@link parseStorageAddress}, but the path is that of a folder. */
export function parseEvidenceAddress(text: string): StorageAddress | { readonly problem: string } {
  return parseAddressOf(EVIDENCE, text);
}

function parseAddressOf(kept: Kept, text: string): StorageAddress | { readonly problem: string } {
  if (text === "none") return { kind: "none" };
  if (text.startsWith("file:")) return parseFile(text.slice("file:".length), kept);
  if (text.startsWith("oss://")) return parseOss(text.slice("oss://".length));
  const { called, example } = kept;
  return {
    problem: `is not where ${called} can be kept: write none, ${example} or oss://bucket/prefix/`,
  };
}

function parseFile(
  rest: string,
  { example, isFolder }: Kept,
): StorageAddress | { readonly problem: string } {
  const path = rest.replace(/^\/\/(?=\/)/, "");
  if (path.startsWith("//")) {
    return { problem: `names a host, but a file is on this machine: write ${example}` };
  }
  if (path.startsWith("~")) {
    return { problem: "begins with ~, which only a shell replaces: write the whole path" };
  }
  if (path === "" || (!isFolder && /(^|\/)\.{0,2}$/.test(path))) {
    return { problem: `names no ${isFolder ? "folder" : "file"}: write ${example}` };
  }
  if (/[\p{Cc}?#]/u.test(path)) {
    return { problem: "has ?, # or a control character in its path: take it out" };
  }
  return { kind: "file", path: isFolder ? `${path.replace(/\/+$/, "")}/` : path };
}

function parseOss(rest: string): StorageAddress | { readonly problem: string } {
  const [, bucket = "", prefix = "", query = ""] =
    /^([^/?#]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  if (/[@:]/.test(bucket)) {
    return {
      problem: "has a port, user name or password in it: take them out (value not shown)",
    };
  }
  if (!BUCKET.test(bucket)) {
    return {
      problem:
        "names no bucket: a bucket has 3 to 63 lower-case letters, digits and hyphens, as in oss://my-bucket/flowlog-guard/",
    };
  }
  if (prefix !== "" && (!PREFIX.test(prefix) || /(^|\/)\.{1,2}(\/|$)/.test(prefix))) {
    return {
      problem:
        "has an invalid prefix: use letters, digits, dots, hyphens, _ and =, with a slash between its parts",
    };
  }
  if (prefix.length > MAX_PREFIX_LENGTH) {
    return { problem: `has a prefix longer than ${MAX_PREFIX_LENGTH} characters` };
  }
  const region = parseRegion(query);
  if (typeof region === "object" && region !== null) return region;
  return {
    kind: "oss",
    bucket,
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`,
    regionId: region,
  };
}

function parseRegion(query: string): string | null | { readonly problem: string } {
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((key) => key !== "region");
  if (unknown !== undefined) {
    const quoted = unknown !== "" && isSafeToEcho(unknown, ["region"]) ? ` "${unknown}"` : "";
    return { problem: `has a parameter${quoted} that is not known: the only one is region` };
  }
  const [regionId = null, ...more] = parameters.getAll("region");
  if (more.length > 0) return { problem: "has more than one region: a bucket is in one" };
  if (regionId === null) return null;
  if (!isRegionId(regionId) || regionId.startsWith("oss-")) {
    return { problem: "has a region that is none: write its id, such as ?region=cn-hangzhou" };
  }
  return regionId;
}

/** The address in the form that {@link parseStorageAddress} reads. */
export function describeStorageAddress(address: StorageAddress): string {
  switch (address.kind) {
    case "none":
      return "none";
    case "file":
      return `file:${address.path}`;
    case "oss": {
      const { bucket, prefix, regionId } = address;
      return `oss://${bucket}/${prefix}${regionId === null ? "" : `?region=${regionId}`}`;
    }
  }
}

/**
 * The RAM actions that an identity needs to keep its state at an address.
 *
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
 */
export function permissionsOfStorage(address: StorageAddress): Permission[] {
  if (address.kind !== "oss") return [];
  const { bucket, prefix } = address;
  return ["oss:GetObject", "oss:PutObject", "oss:DeleteObject"].map((action) => ({
    action,
    resource: (accountId) => `acs:oss:*:${accountId}:${bucket}/${prefix}*`,
  }));
}
