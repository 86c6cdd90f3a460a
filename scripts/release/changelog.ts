/** A version's section of the changelog. */
export interface ChangelogSection {
  /** Null for what is not released yet. */
  readonly version: string | null;
  /** The day of the release, as in 2026-01-31; null where the heading names none. */
  readonly date: string | null;
  /** What stands below the heading. */
  readonly body: string;
}

const HEADING = /^## \[(?:Unreleased|(\d+\.\d+\.\d+))\](?: - (\d{4}-\d{2}-\d{2}))?.*$/gm;

/**
 * Reads the sections of a changelog in the form of Keep a Changelog, in their order.
 *
 * @see https://keepachangelog.com/en/1.1.0/
 */
export function sectionsOf(changelog: string): readonly ChangelogSection[] {
  const headings = [...changelog.matchAll(HEADING)];
  return headings.map(({ 0: heading, 1: version, 2: date, index }, at) => ({
    version: version ?? null,
    date: date ?? null,
    body: changelog.slice(index + heading.length, headings[at + 1]?.index).trim(),
  }));
}

/**
 * Gives what is not released yet a version.
 *
 * @param date - the day of the release, as in 2026-01-31
 */
export function releaseUnreleased(changelog: string, version: string, date: string): string {
  return changelog.replace(
    /^## \[Unreleased\].*$/m,
    `## [Unreleased]\n\n## [${version}] - ${date}`,
  );
}
