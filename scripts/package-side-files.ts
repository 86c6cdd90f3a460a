import type { Plugin, PluginBuild } from "esbuild";

import { replaceUrlParse } from "./package-url.ts";
import { FC2, smallFc2 } from "./sdk/small-fc2.ts";
import { besideBundle, moveToSideFiles, type OnBuilt, type SideFilePlace } from "./side-files.ts";

/** Large packages that most runs do not need: for a state in OSS, and for invoking a function. */
const PACKAGES = ["ali-oss", FC2];

/** Replaces `url.parse`; see {@link replaceUrlParse}. */
export const packageUrl: Plugin = { name: "package-url", setup: replaceUrlParse };

/**
 * Moves the packages of which each is loaded on first use out of a file.
 *
 * @param onBuilt - receives what the files beside it consist of
 * @param place - where they are built, and how the file finds them. @default beside the bundle
 */
export function movePackages(
  context: PluginBuild,
  onBuilt: OnBuilt,
  place: Pick<SideFilePlace, "folder" | "from"> = besideBundle(context),
): void {
  moveToSideFiles(context, PACKAGES, () => true, {
    ...place,
    plugins: [packageUrl, smallFc2],
    onBuilt,
  });
}
