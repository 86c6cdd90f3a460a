/** Names of a project and a log store, in which `{region}` and `{account}` stand for the ids. */
export interface LogStoreTemplate {
  readonly projectName: string;
  readonly logStoreName: string;
}

/** Names with the ids of a region and an account filled in. */
export function fillTemplate(
  { projectName, logStoreName }: LogStoreTemplate,
  regionId: string,
  accountId: string,
): LogStoreTemplate {
  const fill = (name: string): string =>
    name.replaceAll("{region}", regionId).replaceAll("{account}", accountId);
  return { projectName: fill(projectName), logStoreName: fill(logStoreName) };
}

/** Whether the names depend on the account. */
export function namesAccount({ projectName, logStoreName }: LogStoreTemplate): boolean {
  return projectName.includes("{account}") || logStoreName.includes("{account}");
}

/** Lower-case letters, digits and hyphens, and one of the first two at each end; from 3 to 63. */
const PROJECT_NAME = /^[a-z\d][a-z\d-]{1,61}[a-z\d]$/;
/** An underscore too. */
const LOG_STORE_NAME = /^[a-z\d][a-z\d_-]{1,61}[a-z\d]$/;

/**
 * Returns the problems of names that are filled in, by what they name.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createflowlog
 */
export function problemsOfNames({ projectName, logStoreName }: LogStoreTemplate): {
  readonly project: string | null;
  readonly logStore: string | null;
} {
  const rule = (marks: string): string =>
    `is not a valid name: use 3 to 63 lower-case letters, digits${marks}, with a letter or digit at each end`;
  return {
    project: PROJECT_NAME.test(projectName) ? null : rule(" and hyphens"),
    logStore: LOG_STORE_NAME.test(logStoreName) ? null : rule(", hyphens and underscores"),
  };
}
