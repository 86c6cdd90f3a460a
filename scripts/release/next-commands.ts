import { RELEASE_FILES } from "./plan-release.ts";
import type { Released } from "./released.ts";

/**
 * The commands that publish a release, for the maintainer to run.
 *
 * @param dockerfile - its text: the images that it starts from are pinned by their digests
 * @throws `Error` when it starts from an image that cannot be pinned
 */
export function nextCommands(
  { version, repository }: Released,
  folder: string,
  dockerfile: string,
): readonly string[] {
  const images = [...baseImages(dockerfile)].map(
    ([argument, image]) =>
      `${argument}=${image}@$(docker buildx imagetools inspect ${image} --format '{{.Manifest.Digest}}')`,
  );
  const labels = [`VERSION=${version}`, "REVISION=$(git rev-parse HEAD)", `SOURCE=${repository}`];
  const buildArguments = [...images, ...labels].map((argument) => `--build-arg ${argument}`);
  return [
    `git commit --message "release: publish ${version}" -- ${RELEASE_FILES.join(" ")}`,
    `git tag --annotate v${version} --message "flowlog-guard ${version}"`,
    `git push origin HEAD v${version}`,
    `npm publish ${folder}/flowlog-guard-${version}.tgz --access public`,
    ["docker buildx build", ...buildArguments, `--tag "$IMAGE:${version}" --push .`].join(" "),
    ...(repository.startsWith("https://github.com/")
      ? [`gh release create v${version} ${folder}/* --notes-file ${folder}/release-notes.md`]
      : []),
  ];
}

/** The images that stages start from, by the build argument that names each. Its default is name and tag. */
function baseImages(dockerfile: string): ReadonlyMap<string, string> {
  const defaults = new Map<string, string>();
  for (const [, name = "", image = ""] of dockerfile.matchAll(/^ARG\s+(\w+)=(\S+:\S+)/gim)) {
    defaults.set(name, image);
  }
  const stages = new Set<string>();
  const images = new Map<string, string>();
  for (const [, from = "", stage] of dockerfile.matchAll(
    /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim,
  )) {
    const name = /^\$\{?(\w+)\}?$/.exec(from)?.[1] ?? "";
    const image = defaults.get(name);
    if (image !== undefined) images.set(name, image);
    else if (!stages.has(from)) {
      throw new Error(
        `Dockerfile: FROM ${from} cannot be pinned: name the image in an ARG, as in ARG NAME=image:tag.`,
      );
    }
    if (stage !== undefined) stages.add(stage);
  }
  return images;
}
