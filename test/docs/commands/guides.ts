import type { World } from "../../emulator/world.ts";
import { EXTERNAL_ID } from "./guide-cloud.ts";

/** What a guide's commands need beside what the guide itself says. */
export interface Guide {
  /** Variables that the reader has set by then, by the text or by another guide. */
  readonly env?: Readonly<Record<string, string>>;
  /** Which block of YAML of the guide, from 0, is the reader's `flowlog-guard.yaml`. @default none is */
  readonly configuration?: number;
  /** Files that the reader has by then. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the reader has run by then. */
  readonly before?: string;
  /** Regions beside those in which everything is as it should be. */
  readonly regions?: World["regions"];
  /** What is run in place of a part of a statement. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Exit codes that are not 0, by the arguments of the command line. */
  readonly exitCodes?: Readonly<Record<string, number>>;
}

const EVIDENCE = { FLOWLOG_GUARD_EVIDENCE: "file:./evidence/" };
const RECEIVER = { FLOWLOG_GUARD_WEBHOOK_URL: "https://alerts.example.com/hook" };
const NOT_ACTIVATED = { activated: false } as const;

/** By path. A guide that is not here needs nothing. */
export const GUIDES: Readonly<Record<string, Guide>> = {
  "docs/commands.md": {
    env: RECEIVER,
    regions: { "ap-southeast-5": NOT_ACTIVATED },
    exitCodes: {
      "audit --rules all": 1,
      "audit --profile prod": 1,
      "audit --output report.html --output report.csv": 1,
      "audit --only non_compliant,insufficient_data": 1,
      "audit --alert": 1,
      "audit --remote --region cn-hangzhou": 1,
      "audit --timeout 5s --deadline 1m --concurrency 10": 1,
    },
  },
  "docs/container.md": { files: { ".env": "" } },
  "docs/deploy.md": { env: { DEPLOY_REGION: "cn-hangzhou" } },
  "docs/editor-and-shell.md": {
    // Its script is for another shell, in which test/functions/cli/completion.large.test.ts tries it.
    instead: { "source <(flowlog-guard completion zsh)": "flowlog-guard completion zsh" },
  },
  "docs/enable.md": { regions: { "cn-heyuan": NOT_ACTIVATED } },
  "docs/evidence.md": {
    env: { DEPLOY_REGION: "cn-hangzhou" },
    configuration: 0,
    before: "flowlog-guard audit",
    instead: {
      // Of the run before.
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08":
        '$(flowlog-guard verify --format json | sed -n \'s/.*"sha256": *"\\([0-9a-f]*\\)".*/\\1/p\' | sort -u)',
    },
  },
  "docs/history.md": {
    env: EVIDENCE,
    before: "flowlog-guard audit",
    // No run is kept of those days.
    exitCodes: { "history --since 2026-01-01 --until 2026-03-31 --format html": 2 },
  },
  "docs/organization.md": {
    instead: {
      // The roles of the emulated members know one id.
      "node -p 'crypto.randomUUID()'": `node -p 'crypto.randomUUID()' >/dev/null && echo ${EXTERNAL_ID}`,
    },
  },
  "docs/reasons.md": { regions: { "cn-heyuan": NOT_ACTIVATED } },
  "docs/reports.md": {
    env: { ...EVIDENCE, GITHUB_STEP_SUMMARY: "summary.md" },
    instead: { "/var/lib/node_exporter/": "" },
  },
};

/** The scripts of package.json that the guides call, and the tests that run them. */
export const TESTED_SCRIPTS: Readonly<Record<string, string>> = {
  build: "test/scripts/build.large.test.ts",
  demo: "test/demo/demo.large.test.ts",
  deploy: "test/deploy/guide.large.test.ts",
  emulator: "test/docs/commands/emulator-commands.large.test.ts",
  release: "test/scripts/release.large.test.ts",
};
