import { expect, test } from "vitest";

import {
  describeStorageAddress,
  parseStorageAddress,
  permissionsOfStorage,
  type StorageAddress,
} from "../../../shared/storage/storage-address.ts";

const oss = (bucket: string, prefix: string, regionId: string | null = null): StorageAddress => ({
  kind: "oss",
  bucket,
  prefix,
  regionId,
});

test.each<[string, StorageAddress, string?]>([
  ["none", { kind: "none" }],
  ["file:./state.json", { kind: "file", path: "./state.json" }],
  ["file:state.json", { kind: "file", path: "state.json" }],
  ["file:../a b/%20.json", { kind: "file", path: "../a b/%20.json" }],
  ["file:/var/lib/guard.json", { kind: "file", path: "/var/lib/guard.json" }],
  [
    "file:///var/lib/guard.json",
    { kind: "file", path: "/var/lib/guard.json" },
    "file:/var/lib/guard.json",
  ],
  ["oss://my-bucket/flowlog-guard/", oss("my-bucket", "flowlog-guard/")],
  ["oss://my-bucket/a/b", oss("my-bucket", "a/b/"), "oss://my-bucket/a/b/"],
  ["oss://my-bucket", oss("my-bucket", ""), "oss://my-bucket/"],
  ["oss://my-bucket/", oss("my-bucket", "")],
  ["oss://my-bucket/env=prod/team=net/", oss("my-bucket", "env=prod/team=net/")],
  ["oss://my-bucket/.hidden/a..b/", oss("my-bucket", ".hidden/a..b/")],
  [`oss://${"b".repeat(63)}/`, oss("b".repeat(63), "")],
  [`oss://my-bucket/${"p".repeat(899)}/`, oss("my-bucket", `${"p".repeat(899)}/`)],
  ["oss://my-bucket/x/?region=ossa-1", oss("my-bucket", "x/", "ossa-1")],
  ["oss://my-bucket/x/?region=cn-hangzhou", oss("my-bucket", "x/", "cn-hangzhou")],
  [
    "oss://abc?region=ap-southeast-1",
    oss("abc", "", "ap-southeast-1"),
    "oss://abc/?region=ap-southeast-1",
  ],
])("%s", (text, address, described = text) => {
  expect(parseStorageAddress(text)).toEqual(address);
  expect(describeStorageAddress(address)).toBe(described);
  expect(parseStorageAddress(described)).toEqual(address);
});

test.each([
  ["", "is not where a state can be kept"],
  ["./state.json", "write none, file:./state.json or oss://bucket/prefix/"],
  ["None", "is not where a state can be kept"],
  ["s3://bucket/", "is not where a state can be kept"],
  ["OSS://bucket/", "is not where a state can be kept"],
  ["file:", "names no file"],
  ["file:./", "names no file"],
  ["file:/var/lib/", "names no file"],
  ["file:..", "names no file"],
  ["file://host/state.json", "names a host"],
  ["file:~/state.json", "begins with ~"],
  ["file:~somebody/state.json", "begins with ~"],
  ["file:./a#b", "has ?, # or a control character"],
  ["file:///", "names no file"],
  ["file:////host/x", "names a host"],
  ["file:./state.json?region=cn-a", "has ?, # or a control character"],
  ["file:./a\nb", "has ?, # or a control character"],
  ["oss://", "names no bucket"],
  ["oss:///prefix/", "names no bucket"],
  ["oss://ab/", "names no bucket"],
  ["oss://My-Bucket/", "names no bucket"],
  ["oss://-bucket/", "names no bucket"],
  ["oss://bucket-/", "names no bucket"],
  ["oss://my_bucket/", "names no bucket"],
  [`oss://${"b".repeat(64)}/`, "names no bucket"],
  ["oss://user:password@bucket/", "has a port, user name or password"],
  ["oss://user@bucket/", "has a port, user name or password"],
  ["oss://bucket:8080/", "has a port, user name or password"],
  ["oss://bucket/*/", "has an invalid prefix"],
  ["oss://bucket/a//b/", "has an invalid prefix"],
  ["oss://bucket//", "has an invalid prefix"],
  ["oss://bucket/a/../b/", "has an invalid prefix"],
  ["oss://bucket/a/..", "has an invalid prefix"],
  ["oss://bucket/./", "has an invalid prefix"],
  ["oss://bucket/中/", "has an invalid prefix"],
  ["oss://bucket/a\n/", "has an invalid prefix"],
  ["oss://bucket/a#b", "has an invalid prefix"],
  [`oss://bucket/${"p".repeat(901)}`, "has a prefix longer than 900 characters"],
  ["oss://bucket/?regio=cn-hangzhou", 'has a parameter "regio" that is not known'],
  ["oss://bucket/?LTAI5tSecretKey0001=1", "has a parameter that is not known"],
  ["oss://bucket/?=x", "has a parameter that is not known"],
  ["oss://bucket/?region=cn-a\nx", "has a region that is none"],
  ["oss://bucket/?region=cn-a&region=cn-b", "has more than one region"],
  ["oss://bucket/?region=", "has a region that is none"],
  ["oss://bucket/?region=oss-cn-hangzhou", "has a region that is none"],
  ["oss://bucket/?region=evil.example", "has a region that is none"],
])("%j is invalid: it %s", (text, problem) => {
  expect(parseStorageAddress(text)).toEqual({ problem: expect.stringContaining(problem) });
});

test("the state in OSS needs three actions on its prefix, and no list of the bucket", () => {
  const permissions = permissionsOfStorage(oss("my-bucket", "flowlog-guard/"));
  expect(permissions.map(({ action, resource }) => [action, resource("1234")])).toEqual([
    ["oss:GetObject", "acs:oss:*:1234:my-bucket/flowlog-guard/*"],
    ["oss:PutObject", "acs:oss:*:1234:my-bucket/flowlog-guard/*"],
    ["oss:DeleteObject", "acs:oss:*:1234:my-bucket/flowlog-guard/*"],
  ]);
  expect(permissionsOfStorage({ kind: "none" })).toEqual([]);
  expect(permissionsOfStorage({ kind: "file", path: "./state.json" })).toEqual([]);
});
