import { EXIT_CODES } from "./exit-code.ts";

/** The exit codes of an audit, without a heading. */
export const EXIT_CODE_LINES = `\
  ${EXIT_CODES.ALL_WELL}  everything in scope is compliant, or exempt
  ${EXIT_CODES.NON_COMPLIANT}  at least one region or resource is not compliant
  ${EXIT_CODES.INCOMPLETE}  nothing is known not to be compliant, but at least one region or resource
     could not be read
  ${EXIT_CODES.COULD_NOT_RUN}  could not run: usage, configuration, credentials, state, or a crash; or the
     report could not be written to a file or kept as evidence; or an alert that
     was due reached no receiver`;

/** The exit codes of an audit, for help texts. */
export const EXIT_CODE_HELP = `
Exit codes:
${EXIT_CODE_LINES}`;

/** What `--exit-zero` changes about them. */
export const EXIT_ZERO_HELP = `
With --exit-zero: ${EXIT_CODES.ALL_WELL} in place of ${EXIT_CODES.NON_COMPLIANT} and ${EXIT_CODES.INCOMPLETE}, and ${EXIT_CODES.COULD_NOT_RUN} if nothing in scope could be
read.`;
