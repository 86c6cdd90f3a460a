/**
 * Bytes that a step of a job may write to its summary. Beyond it, GitHub shows none of them.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
 */
const JOB_SUMMARY_BYTES = 1_024 * 1_024;
/** Left for what other programs add in the same step. */
const OTHERS_BYTES = 16 * 1_024;

/** Bytes that a report may have in a job summary to which nothing else was written. */
export const JOB_SUMMARY_ROOM_BYTES = JOB_SUMMARY_BYTES - OTHERS_BYTES;
