import { fileURLToPath } from "node:url";

/** What is known of a package whose own files do not say it. */
export interface KnownPackage {
  /** The field `license` of its package.json when it was looked at, as JSON where it is no text. */
  readonly declared: string;
  /** The licence that it is under, an SPDX expression. */
  readonly license: string;
  /** The copyright line, for a package without a licence file. */
  readonly holder?: string;
}

/** The text of the Apache licence: this program's own licence. */
export const APACHE_LICENSE = fileURLToPath(new URL("../../LICENSE", import.meta.url));

/**
 * Bundled packages that hold no licence file, or whose package.json names no SPDX licence. Where README
 * and package.json disagree, the README counts: `ISC` is what `npm init` writes unasked.
 */
export const KNOWN_PACKAGES: Readonly<Record<string, KnownPackage>> = {
  "@alicloud/gateway-spi": {
    declared: "ISC",
    license: "ISC",
    holder: "Copyright (c) 2009-present, Alibaba Cloud",
  },
  // Its README: Apache-2.0.
  "@alicloud/openapi-core": {
    declared: "ISC",
    license: "Apache-2.0",
    holder: "Copyright (c) 2009-present, Alibaba Cloud All rights reserved.",
  },
  // Its README: "The MIT license".
  "@alicloud/tea-typescript": {
    declared: "ISC",
    license: "MIT",
    holder: "Copyright (c) Jackson Tian",
  },
  "@darabonba/typescript": {
    declared: "Apache License 2.0",
    license: "Apache-2.0",
    holder: "Copyright (c) Jackson Tian",
  },
  agentkeepalive: {
    declared: "MIT",
    license: "MIT",
    holder:
      "Copyright(c) node-modules and other contributors.\nCopyright(c) 2012 - 2015 fengmk2 <fengmk2@gmail.com>",
  },
  "copy-to": { declared: "MIT", license: "MIT", holder: "Copyright (c) dead_horse" },
  httpx: { declared: "MIT", license: "MIT", holder: "Copyright (c) Jackson Tian" },
  "os-name": { declared: "MIT", license: "MIT", holder: "Copyright (c) Sindre Sorhus" },
  // Its LICENSE: "Dual Licensed MIT and Apache 2".
  "pause-stream": { declared: '["MIT","Apache2"]', license: "MIT OR Apache-2.0" },
  "sdk-base": { declared: "MIT", license: "MIT", holder: "Copyright (c) dead_horse" },
};

/** The texts as SPDX lists them, https://spdx.org/licenses/, without the copyright line. */
const TEXTS: Readonly<Record<string, string>> = {
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  ISC: `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
};

/**
 * The text of a licence that consists of a copyright line and fixed words.
 *
 * @throws `Error` for a licence whose text is not here
 */
export function standardText(license: string, holder: string): string {
  const text = TEXTS[license];
  if (text === undefined) throw new Error(`scripts/licenses holds no text of ${license}.`);
  return `${holder}\n\n${text}`;
}
