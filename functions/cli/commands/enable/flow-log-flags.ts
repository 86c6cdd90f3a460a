import { ConfigError } from "../../../../shared/audit/run-error.ts";
import {
  fillTemplate,
  type LogStoreTemplate,
  problemsOfNames,
} from "../../../../shared/enable/log-store-template.ts";

/** The flags of `enable` about flow logs, as commander parsed them. */
export interface FlowLogFlags {
  readonly flowLogs?: boolean;
  readonly project?: string;
  readonly logstore?: string;
}

/** As long as the shortest ids, so that a name is refused early only where it fits no region. */
const SAMPLE_REGION = "cn-wuhan";
const SAMPLE_ACCOUNT = "1234567890123456";

/**
 * The names of the project and the log store for new flow logs; null where none are wanted.
 *
 * @throws {@link ConfigError} when a flag is missing or means nothing, or a name cannot be valid
 */
export function logStoreOf({ flowLogs, project, logstore }: FlowLogFlags): LogStoreTemplate | null {
  if (flowLogs !== true) {
    const alone = [
      ...(project === undefined ? [] : ["--project: is for --flow-logs only"]),
      ...(logstore === undefined ? [] : ["--logstore: is for --flow-logs only"]),
    ];
    if (alone.length > 0) throw new ConfigError(alone);
    return null;
  }
  if (project === undefined || logstore === undefined) {
    throw new ConfigError([
      ...(project === undefined
        ? ["--project: is missing: --flow-logs needs the project to deliver to"]
        : []),
      ...(logstore === undefined
        ? ["--logstore: is missing: --flow-logs needs the log store to deliver to"]
        : []),
    ]);
  }
  const template = { projectName: project, logStoreName: logstore };
  const problems = problemsOfNames(fillTemplate(template, SAMPLE_REGION, SAMPLE_ACCOUNT));
  const found = [
    ...(problems.project === null ? [] : [`--project: ${problems.project}`]),
    ...(problems.logStore === null ? [] : [`--logstore: ${problems.logStore}`]),
  ];
  if (found.length > 0) throw new ConfigError(found);
  return template;
}
