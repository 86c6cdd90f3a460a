/** What a bench measured. */
export interface BenchResult {
  /** What it prints. */
  readonly lines: readonly string[];
  /** What the chart shows of it. */
  readonly bars: readonly Bars[];
}

/** A value beside the one that it is compared with. */
export interface Bars {
  /** What is measured. */
  readonly title: string;
  readonly own: Bar;
  readonly other: Bar;
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value as it is written. */
  readonly text: string;
}

/** Writes a number of bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MB`;
}

/** Writes a duration: milliseconds, or seconds where there are ten of them. */
export function duration(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Writes a rate. */
export function perSecond(count: number, ms: number): string {
  return ((count / ms) * 1_000).toFixed(0);
}
