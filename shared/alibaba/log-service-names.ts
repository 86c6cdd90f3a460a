/**
 * Whether a text can be the name of a project of the log service. It becomes part of a host name.
 *
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-createproject
 */
export function isProjectName(text: string): boolean {
  return /^[a-z0-9-]{3,63}$/.test(text);
}

/**
 * Whether a text can be the name of a log store. It becomes part of a path.
 *
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-createlogstore
 */
export function isLogStoreName(text: string): boolean {
  return /^[\w-]{1,63}$/.test(text);
}
