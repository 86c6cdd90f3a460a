import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Plugin } from "esbuild";

import { replaceUrlParse } from "../package-url.ts";
import { besideBundle, moveToSideFiles, type OnBuilt } from "../side-files.ts";
import { deferRequires } from "./defer-requires.ts";
import { type PrunedClient, pruneClient } from "./prune-client.ts";
import { pruneModels } from "./prune-models.ts";
import { refuseMethods } from "./refuse-methods.ts";
import { refuseUse } from "./refuse-use.ts";
import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

const VPC = "@alicloud/vpc20160428/";
const CLIENT = `${VPC}dist/client.js`;
const MODELS = `${VPC}dist/models/`;
const BARREL = `${MODELS}model.js`;

/** Large packages that few calls need, by the file of the SDK that requires them. */
const DEFERRED: Readonly<Record<string, readonly string[]>> = {
  // Credential providers: clients receive their keys from this program.
  "@alicloud/openapi-core/dist/client.js": ["@alicloud/credentials", "@alicloud/gateway-spi"],
  "@alicloud/openapi-core/dist/utils.js": ["@alicloud/credentials"],
  // The HTTP client: requests are sent by shared/http.
  "@alicloud/tea-typescript/dist/tea.js": ["httpx"],
  "@darabonba/typescript/dist/core.js": ["httpx"],
  "@darabonba/typescript/dist/func.js": ["lodash"],
  "@darabonba/typescript/dist/xml.js": ["xml2js"],
};

/**
 * Files that no call of ours needs: web sockets, which the client opens for the protocols ws and wss, and
 * what generated programs use beside the client.
 */
const REFUSED: readonly string[] = [
  "@alicloud/openapi-core/dist/websocketUtils/index.js",
  "@darabonba/typescript/dist/date.js",
  "@darabonba/typescript/dist/file.js",
  "@darabonba/typescript/dist/url.js",
  "@darabonba/typescript/dist/websocket.js",
];

/** Methods that no call of ours needs: other versions of the signature, and events from a server. */
const REFUSED_METHODS: Readonly<Record<string, readonly string[]>> = {
  "@alicloud/openapi-core/dist/client.js": [
    "doRPCRequest",
    "doROARequest",
    "doROARequestWithForm",
    "execute",
    "callSSEApi",
  ],
};

/**
 * Reduces the SDK in a bundle: its client has hundreds of operations and loads 1,200 models. Only the
 * operations that our code names and the models that it and these operations use are kept, large
 * packages that few calls need are loaded on first use, and web sockets are left out. The build fails
 * with an {@link UnknownSdkTextError} when the SDK's text has an unknown layout.
 *
 * @param words - all words of our own code in the bundle
 * @param onBuilt - receives what the packages loaded on first use consist of. @default ignored
 */
export function smallSdk(words: ReadonlySet<string>, onBuilt: OnBuilt = () => {}): Plugin {
  return {
    name: "small-sdk",
    setup(context) {
      const loaded = new Set<string>();
      // Cached: it is slow, and both the client's file and the barrel need it.
      let client: Promise<PrunedClient> | undefined;
      const prunedClient = (path: string): Promise<PrunedClient> =>
        (client ??= read(path).then((text) => pruneClient(CLIENT, text, words)));

      async function smaller(file: string, path: string): Promise<string | null> {
        const packages = DEFERRED[file];
        if (packages !== undefined) {
          const text = await read(path);
          const refused = REFUSED_METHODS[file];
          const smaller = refused === undefined ? text : refuseMethods(file, text, refused);
          return deferRequires(file, smaller, packages);
        }
        if (REFUSED.includes(file)) return refuseUse(file, await read(path));
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
        {
          ...besideBundle(context),
          plugins: [{ name: "package-url", setup: replaceUrlParse }],
          onBuilt,
        },
      );
    },
  };
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8");
}

/** A file's path relative to the innermost `node_modules`, with slashes. */
function fileInPackages(path: string): string {
  return String(path.split(/[\\/]node_modules[\\/]/).at(-1)).replaceAll("\\", "/");
}

/** Detects a file that moved within its package: it would be bundled in full, without an error. */
function assertAllLoaded(loaded: ReadonlySet<string>): void {
  for (const file of [CLIENT, BARREL, ...REFUSED, ...Object.keys(DEFERRED)]) {
    const [scope, name] = file.split("/");
    const isUsed = [...loaded].some((other) => other.startsWith(`${scope}/${name}/`));
    if (isUsed && !loaded.has(file)) throw new UnknownSdkTextError(file, "It was not loaded.");
  }
}
