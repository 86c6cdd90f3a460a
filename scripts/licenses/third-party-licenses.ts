import { groupBy } from "../../shared/audit/group-by.ts";
import type { BundledPackage } from "./bundled-packages.ts";

/** The name of the file with the licences of what a bundle holds. */
export const LICENSES_FILE = "third-party-licenses.txt";

const LINE = "-".repeat(80);

/** Writes the licences of packages as a text: a line for each package, then the texts. */
export function renderLicenses(packages: readonly BundledPackage[]): string {
  const byText = groupBy(packages, ({ text }) => text);
  const sections = [...byText].map(([text, those]) =>
    [LINE, ...those.map(titleOf), LINE, "", text, ""].join("\n"),
  );
  return [
    `flowlog-guard contains code of these ${packages.length} packages.`,
    "",
    ...packages.map(titleOf),
    "",
    ...sections,
  ].join("\n");
}

function titleOf({ name, version, license }: BundledPackage): string {
  return `${name} ${version} (${license})`;
}
