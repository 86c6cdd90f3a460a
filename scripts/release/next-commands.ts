import { RELEASE_FILES } from "./plan-release.ts";
import type { Released } from "./sbom.ts";

/**
 * The commands that publish a release, for the maintainer to run.
 *
 * @param dockerfile - its text: the images that it starts from are pinned by their digests
 */
export function nextCommands(
  { version, repository }: Released,
  folder: string,
  dockerfile: string,
): readonly string[] {
  const images = [...dockerfile.matchAll(/^FROM\s+(?:--\S+\s+)*(\S+:\S+)/gim)].map(([, image]) =>
    String(image),
  );
  const contexts = [...new Set(images)].map(
    (image) =>
      `--build-context ${image}=docker-image://${image}@$(docker buildx imagetools inspect ${image} --format '{{.Manifest.Digest}}')`,
  );
  return [
    `git commit --message "release: publish ${version}" -- ${RELEASE_FILES.join(" ")}`,
    `git tag --annotate v${version} --message "flowlog-guard ${version}"`,
    `git push origin HEAD v${version}`,
    `npm publish ${folder}/flowlog-guard-${version}.tgz --access public`,
    ["docker buildx build", ...contexts, `--tag "$IMAGE:${version}" --push .`].join(" "),
    ...(repository.startsWith("https://github.com/")
      ? [`gh release create v${version} ${folder}/* --notes-file ${folder}/release-notes.md`]
      : []),
  ];
}
