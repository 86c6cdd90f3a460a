import type { ChainBreak, ChainNote } from "../../../../shared/evidence/verification.ts";

/** What a break means, in one sentence that begins after the name of its file. */
export function describeBreak({ code, lastBefore }: ChainBreak): string {
  switch (code) {
    case "MANIFEST_UNREADABLE":
      return "is no manifest that this version can read: it was changed, or a newer version wrote it";
    case "MANIFEST_MISPLACED":
      return "is the manifest of another name: it was changed, moved or copied, or the address is not the folder in which the years are";
    case "MANIFEST_CHANGED":
      return "does not have the bytes of a manifest that flowlog-guard writes: it was changed";
    case "MANIFEST_DIFFERS":
      return "says something else of the run than its report, which has the SHA-256 that it names: it was changed";
    case "PREVIOUS_MISSING":
      return `names a manifest before it that is not there: that one was changed or removed, or this one was changed${lastBefore === undefined ? "" : `. The last before it that no run names is ${lastBefore}: it was changed, or what followed it was removed`}`;
    case "CYCLE":
      return "leads back to itself and to no beginning";
    case "REPORT_MISSING":
      return "is named by its manifest and is not there: it was removed";
    case "REPORT_CHANGED":
      return "was changed after its manifest was written, or its manifest was";
    case "REPORT_OF_ANOTHER_RUN":
      return "is not the report of its manifest's run";
    case "HEAD_MISSING":
      return "The manifest that a second party holds is not there: the newest runs were removed, the chain was written anew, or this is not the SHA-256 of a manifest of this chain";
  }
}

/** What was expected and found at a break, labelled. */
export function detailsOf({
  code,
  expected,
  actual,
}: ChainBreak): [label: string, value: string][] {
  const what = {
    MANIFEST_MISPLACED: "name",
    MANIFEST_DIFFERS: "run",
    REPORT_OF_ANOTHER_RUN: "run",
  };
  const kind = new Map(Object.entries(what)).get(code) ?? "SHA-256";
  const details: [string, string][] = [];
  if (expected !== null) details.push([`expected ${kind}`, expected]);
  if (actual !== null) details.push([`found ${kind}`, actual]);
  return details;
}

/** What a note means, in one sentence that begins after the name of its file. */
export function describeNote({ code }: ChainNote): string {
  switch (code) {
    case "NOT_LINKED":
      return "no later run names it: of a run that was cut off, or the end of another chain";
    case "BEGINNING":
      return "begins another chain: the run before it was not known";
    case "REPORT_WITHOUT_MANIFEST":
      return "no manifest names it: of a run that was cut off, or its manifest was removed";
    case "UNKNOWN_FILE":
      return "is nothing that flowlog-guard writes";
  }
}
