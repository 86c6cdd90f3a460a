import { type ChangelogSection, sectionsOf } from "./changelog.ts";

/** The files that a release changes in the checkout. */
export const RELEASE_FILES = ["CHANGELOG.md", "package-lock.json", "package.json"] as const;

/** What a release is asked for, and the checkout as it is. */
export interface ReleaseRequest {
  readonly version: string;
  /** Where the project is kept; undefined for what package.json says. */
  readonly repository: string | undefined;
  /** `version` and `repository.url` of package.json. */
  readonly present: { readonly version: string; readonly repository: string };
  readonly changelog: string;
  /** Paths that differ from the last commit, or are new. */
  readonly changedFiles: readonly string[];
  /** Commits by the names of their tags. */
  readonly tags: ReadonlyMap<string, string>;
  /** The last commit. */
  readonly head: string;
}

/** What is to be released. */
export interface ReleasePlan {
  readonly version: string;
  /** The address of the project, without `.git`. */
  readonly repository: string;
  /** Whether version and changelog are already written, by an earlier run. */
  readonly isWritten: boolean;
}

/** What a developer has beside the source, for an own deployment. */
const OWN_FILE = /^flowlog-guard\.ya?ml$/;

/**
 * Decides whether a version may be released.
 *
 * @returns the plan, or what is in the way
 */
export function planRelease(request: ReleaseRequest): ReleasePlan | readonly string[] {
  const { version, present, changelog, tags, head } = request;
  const problems: string[] = [];
  const sections = sectionsOf(changelog);
  const isWritten = present.version === version && latestOf(sections) === version;

  if (!/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(version)) {
    problems.push(`version: "${version}" is not of the form 1.2.3`);
  } else {
    const released = [
      ...sections.flatMap((section) => section.version ?? []),
      ...[...tags.keys()].flatMap((tag) => /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1] ?? []),
    ].toSorted(compareVersions);
    const last = released.at(-1);
    const floor = isWritten ? version : present.version;
    const tagged = tags.get(`v${version}`);
    if (tagged !== undefined && tagged !== head) {
      problems.push(
        `version: ${version} is released already: the tag v${version} is another commit`,
      );
    } else if (last !== undefined && !isWritten && compareVersions(version, last) <= 0) {
      problems.push(`version: ${version} is not higher than ${last}, the last one`);
    } else if (last !== undefined && isWritten && compareVersions(version, last) < 0) {
      problems.push(`version: ${version} is lower than ${last}, the last one`);
    } else if (compareVersions(version, floor) < 0) {
      problems.push(`version: ${version} is lower than ${floor}, that of package.json`);
    }
  }

  const repository = addressOf(request.repository ?? present.repository);
  if (repository === null) {
    problems.push(
      request.repository === undefined
        ? "repository: package.json has a placeholder: give the address with --repository https://…"
        : "repository: give an address as in https://github.com/owner/flowlog-guard, without user and query",
    );
  }

  const entry = sections.find((section) => section.version === (isWritten ? version : null));
  if (entry === undefined || entry.body === "") {
    problems.push(
      `CHANGELOG.md: has nothing below "## [${isWritten ? version : "Unreleased"}]": say what is new`,
    );
  }

  const expected: readonly string[] = isWritten ? RELEASE_FILES : [];
  const changed = request.changedFiles.filter(
    (path) => !expected.includes(path) && !OWN_FILE.test(path),
  );
  if (changed.length > 0) {
    problems.push(`the checkout has changes that are not committed: ${changed.join(", ")}`);
  }
  return problems.length > 0 || repository === null ? problems : { version, repository, isWritten };
}

/** The highest version that sections are about. */
function latestOf(sections: readonly ChangelogSection[]): string | undefined {
  return sections
    .flatMap(({ version }) => version ?? [])
    .toSorted(compareVersions)
    .at(-1);
}

/** Orders versions of three numbers. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** A repository's address without `git+` and `.git`; null for a placeholder, or what is no address. */
function addressOf(text: string): string | null {
  const address = text.replace(/^git\+/, "").replace(/\/?(?:\.git)?\/?$/, "");
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== "https:" || url.pathname === "/") return null;
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return null;
  // It becomes a part of commands for a shell.
  if (!/^[\w.~:/-]+$/.test(url.href)) return null;
  return /(?:^|\.)example\.(?:com|net|org)$|\.(?:invalid|example|test)$/.test(url.hostname)
    ? null
    : url.href;
}
