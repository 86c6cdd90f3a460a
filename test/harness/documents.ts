import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** A document that a reader may open: its path from the repository's folder, and its text. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** Every document of the repository, except the change log, which is about earlier versions. */
export function documents(): Document[] {
  const top = readdirSync(REPOSITORY).filter((name) => name !== "CHANGELOG.md");
  const below = readdirSync(join(REPOSITORY, "docs"), { recursive: true, encoding: "utf8" });
  return [...top, ...below.map((path) => `docs/${path}`)]
    .filter((path) => path.endsWith(".md"))
    .map((path) => ({ path, text: readFileSync(join(REPOSITORY, path), "utf8") }));
}
