const PREFIX = /^(GITHUB|GITLAB|JENKINS|PIPELINE|CLOUDSHELL)/;
const NAMES = ["SERVERLESS_CD", "SERVERLESS_DEVS_CICD", "CICD_ENV"];

/** Whether Serverless Devs takes itself to run in CI where a variable of this name is set. */
export function isCiVariable(name: string): boolean {
  return PREFIX.test(name) || NAMES.includes(name);
}
