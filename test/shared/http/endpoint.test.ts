import { expect, test } from "vitest";

import { type Endpoint, parseEndpoint, problemOfIpv6 } from "../../../shared/http/endpoint.ts";

const https = (host: string): Endpoint => ({ host, protocol: "HTTPS" });
const http = (host: string): Endpoint => ({ host, protocol: "HTTP" });

test.each<[string, Endpoint | null]>([
  ["vpc.example", https("vpc.example")],
  ["vpc.example:8443", https("vpc.example:8443")],
  ["vpc.example:443", https("vpc.example")],
  ["https://vpc.example/", https("vpc.example")],
  ["HTTPS://VPC.example", https("vpc.example")],
  ["[::1]:8443", https("[::1]:8443")],
  ["http://127.0.0.1:4010", http("127.0.0.1:4010")],
  ["http://localhost:80", http("localhost")],
  ["http://[::1]:4010", http("[::1]:4010")],
  // An intermediary can change answers over plain http.
  ["http://vpc.example", null],
  ["http://10.0.0.1:4010", null],
  ["ftp://127.0.0.1", null],
  ["https://vpc.example/path", null],
  ["https://vpc.example?x", null],
  ["https://vpc.example#x", null],
  ["https://user:password@vpc.example", null],
  ["vpc.example/path", null],
  ["two hosts", null],
  ["vpc.example\n", null],
  ["vpc.example:99999", null],
  ["", null],
])("%j is the endpoint %j", (text, endpoint) => expect(parseEndpoint(text)).toEqual(endpoint));

// https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
test.each([
  ["::1", true],
  ["fd00::1", true],
  ["https://fd00::1/path", true],
  ["fe80::1%eth0", true],
  ["::ffff:10.0.0.1", true],
  ["1:2:3:4:5:6:7:8", true],
  ["[::1]", false],
  ["https://[fd00::1]:8443/", false],
  ["127.0.0.1:8080", false],
  ["vpc.example:8443", false],
  ["vpc.example", false],
])("%j is an IPv6 address without brackets: %s", (text, is) => {
  expect(problemOfIpv6(text)).toBe(
    is ? "is an IPv6 address without brackets: write [::1], or [::1]:8080 with a port" : null,
  );
});
