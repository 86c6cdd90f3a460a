/** What the files of a release say of it. */
export interface Released {
  readonly version: string;
  /** The address of the project, without `.git`. */
  readonly repository: string;
  /** The day of the release, as in 2026-01-31. */
  readonly date: string;
}
