import type { Plugin } from "esbuild";

import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

export const FC2 = "@alicloud/fc2";

/** What fc2 requires to send requests itself, and its copy for versions of Node without async functions. */
const LEFT_OUT = ["axios", "ali-oss", "httpx", "ws", "./es5/client.js"];

const NAMESPACE = "left-out-of-fc2";

/**
 * Reduces `@alicloud/fc2` to what makes and signs requests: they are sent over our own transport, so its
 * HTTP and OSS clients, 1.5 MB of text, are left out. What is left out throws when it is used. The build
 * fails with an {@link UnknownSdkTextError} when fc2 does not require each of them.
 */
export const smallFc2: Plugin = {
  name: "small-fc2",
  setup(context) {
    const found = new Set<string>();
    let isBundled = false;
    const filter = new RegExp(`^(?:${LEFT_OUT.join("|").replaceAll(".", "\\.")})$`);
    context.onResolve({ filter }, ({ path, importer }) => {
      if (!/[\\/]node_modules[\\/]@alicloud[\\/]fc2[\\/](?!node_modules)/.test(importer))
        return undefined;
      found.add(path);
      return { path, namespace: NAMESPACE };
    });
    context.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
      const message = `${path} is not in this bundle, since requests are not sent by ${FC2}: take it out of LEFT_OUT in scripts/sdk/small-fc2.ts.`;
      return {
        contents: `module.exports = new Proxy({}, {
          get() { throw new Error(${JSON.stringify(message)}); },
        });`,
      };
    });
    context.onLoad({ filter: /[\\/]@alicloud[\\/]fc2[\\/]index\.js$/ }, () => {
      isBundled = true;
      return undefined;
    });
    context.onEnd(({ errors }) => {
      if (errors.length > 0 || !isBundled) return;
      for (const path of LEFT_OUT) {
        if (!found.has(path)) throw new UnknownSdkTextError(FC2, `It does not require ${path}.`);
      }
    });
  },
};
