// Node's own function, which the packages call, gives the expected parts.
import { format, parse } from "node:url";

import { expect, test } from "vitest";

import { parseUrl } from "../../scripts/parse-url.ts";

test.each([
  "https://vpc.cn-hangzhou.aliyuncs.com/",
  "https://vpc.cn-hangzhou.aliyuncs.com",
  "http://127.0.0.1:4010/?Action=DescribeRegions&RegionId=cn-hangzhou",
  "https://guard-bucket.oss-cn-hangzhou.aliyuncs.com/guard/state.json?versionId=null",
  "https://oss-cn-hangzhou.aliyuncs.com:8443/a%2Fb/c%20d?x=%2B&y=#part",
  "HTTPS://OSS.Example.COM/Path?Query",
  "https://name:pass%20word@proxy.example.com:3128/",
  "https://name@proxy.example.com/",
  "http://[2001:db8::1]:8080/x?y",
  "https://example.com?x=1",
])("%s has the parts that url.parse finds", (address) => {
  const parsed = parseUrl(address);
  expect(parsed).toEqual({ ...parse(address) });
  expect(format({ ...parsed })).toBe(format(parse(address)));
});

test.each(["oss-cn-hangzhou.aliyuncs.com", "/path?x", "", "https://", "https://a b/"])(
  "%j is not an HTTP address",
  (text) => {
    expect(parseUrl(text)).toMatchObject({ href: text, protocol: null, host: null });
  },
);
