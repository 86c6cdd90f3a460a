import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Plugin } from "esbuild";

import { deferRequires } from "./defer-requires.ts";
import { type PrunedClient, pruneClient } from "./prune-client.ts";
import { pruneModels } from "./prune-models.ts";
import { moveToSideFiles } from "../side-files.ts";
import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

const VPC = "@alicloud/vpc20160428/";
const CLIENT = `${VPC}dist/client.js`;
const MODELS = `${VPC}dist/models/`;
const BARREL = `${MODELS}model.js`;

/** Large packages that hardly a call needs, by the file of the SDK that requires them. */
const DEFERRED: Readonly<Record<string, readonly string[]>> = {
  // Credential providers: each client is given its keys.
  "@alicloud/openapi-core/dist/client.js": ["@alicloud/credentials", "@alicloud/gateway-spi"],
  "@alicloud/openapi-core/dist/utils.js": ["@alicloud/credentials"],
  // The HTTP client: requests go over shared/http.
  "@alicloud/tea-typescript/dist/tea.js": ["httpx"],
  "@darabonba/typescript/dist/core.js": ["httpx"],
  "@darabonba/typescript/dist/date.js": ["moment"],
  "@darabonba/typescript/dist/func.js": ["lodash"],
  "@darabonba/typescript/dist/websocket.js": [
    "ws",
    "https-proxy-agent",
    "http-proxy-agent",
    "socks-proxy-agent",
  ],
  "@darabonba/typescript/dist/xml.js": ["xml2js"],
};

/**
 * Makes the SDK's part of a bundle small: its client holds hundreds of operations and loads 1,200
 * models. The client is pruned to the operations that our own code names, the barrel to the models
 * that these and our own code name, and large packages that hardly a call needs are loaded when one
 * does. Fails the build with an {@link UnknownSdkTextError} where the SDK is not what is known.
 *
 * @param words - every word of our own code in the bundle
 */
export function smallSdk(words: ReadonlySet<string>): Plugin {
  return {
    name: "small-sdk",
    setup(context) {
      const loaded = new Set<string>();
      // Needed for the client's file and for the barrel's, and slow.
      let client: Promise<PrunedClient> | undefined;
      const prunedClient = (path: string): Promise<PrunedClient> =>
        (client ??= read(path).then((text) => pruneClient(CLIENT, text, words)));

      async function smaller(file: string, path: string): Promise<string | null> {
        const packages = DEFERRED[file];
        if (packages !== undefined) return deferRequires(file, await read(path), packages);
        if (file === CLIENT) return (await prunedClient(path)).text;
        if (file === BARREL) {
          const { models } = await prunedClient(join(dirname(path), "../client.js"));
          return pruneModels(file, await read(path), models, words);
        }
        if (!file.startsWith(VPC) || file.startsWith(MODELS)) return null;
        throw new UnknownSdkTextError(file, "Nothing is known of such a file.");
      }

      const filter = /[\\/]node_modules[\\/]@(?:alicloud|darabonba)[\\/]/;
      context.onLoad({ filter }, async ({ path }) => {
        const file = fileInPackages(path);
        loaded.add(file);
        const contents = await smaller(file, path);
        return contents === null ? undefined : { contents };
      });
      context.onEnd(({ errors }) => {
        if (errors.length === 0) assertAllLoaded(loaded);
      });
      moveToSideFiles(
        context,
        Object.values(DEFERRED).flat(),
        (name, importer) => DEFERRED[fileInPackages(importer)]?.includes(name) ?? false,
      );
    },
  };
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8");
}

/** A file's path below the innermost `node_modules`, with slashes. */
function fileInPackages(path: string): string {
  return String(path.split(/[\\/]node_modules[\\/]/).at(-1)).replaceAll("\\", "/");
}

/** What lies elsewhere than it did would be bundled as it is, and nobody would notice. */
function assertAllLoaded(loaded: ReadonlySet<string>): void {
  for (const file of [CLIENT, BARREL, ...Object.keys(DEFERRED)]) {
    const [scope, name] = file.split("/");
    const isUsed = [...loaded].some((other) => other.startsWith(`${scope}/${name}/`));
    if (isUsed && !loaded.has(file)) throw new UnknownSdkTextError(file, "It was not loaded.");
  }
}
