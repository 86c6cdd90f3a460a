import type { Finding } from "../../audit/finding.ts";
import type { Noun, RuleCard } from "../../audit/rule-card.ts";
import type { Words } from "./words.ts";

/** How regions are counted. */
export const REGION: Noun = { en: { one: "region", other: "regions" }, zh: "个地域" };

/** How accounts are counted. */
export const ACCOUNT: Noun = { en: { one: "account", other: "accounts" }, zh: "个账号" };

/** How resources of an unknown kind are counted. */
const RESOURCE: Noun = { en: { one: "resource", other: "resources" }, zh: "个资源" };

/** How the subjects of a rule are counted. */
export function nounOfRule(card: RuleCard | null): Noun {
  return card === null || card.subject === "region" ? REGION : card.subject.noun;
}

/**
 * How the subject of a finding is counted: as a region where it has no resource, which is so where
 * a rule about resources could not be evaluated.
 */
export function nounOfFinding({ resource }: Finding, card: RuleCard | null): Noun {
  if (resource === undefined) return REGION;
  const noun = nounOfRule(card);
  return noun === REGION ? RESOURCE : noun;
}

/** How the subjects of findings of one rule are counted together; null where they are of two kinds. */
export function commonNoun(findings: readonly Finding[], card: RuleCard | null): Noun | null {
  return onlyNoun(findings.map((finding) => nounOfFinding(finding, card)));
}

/** Counts findings of one rule: `3 regions`, or `3 VPCs, 1 region` where some are about regions. */
export function countSubjects(
  findings: readonly Finding[],
  card: RuleCard | null,
  words: Pick<Words, "counted" | "comma">,
): string {
  const counts = new Map<Noun, number>();
  for (const finding of findings) {
    const noun = nounOfFinding(finding, card);
    counts.set(noun, (counts.get(noun) ?? 0) + 1);
  }
  return [...counts].map(([noun, count]) => words.counted(count, noun)).join(words.comma);
}

/** The noun that all of them are; null where there are several, or none. */
export function onlyNoun(nouns: readonly (Noun | null)[]): Noun | null {
  const [noun = null, ...others] = new Set(nouns);
  return others.length === 0 ? noun : null;
}
