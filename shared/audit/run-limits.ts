/**
 * Roles that a run assumes in any second, in all its processes together. STS allows the calling account,
 * with all its identities, 100, so others keep a share.
 *
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/limits-on-sts
 */
export const ROLES_PER_SECOND = 80;

/** The most parts that are audited at once. */
export const MAX_PARALLEL_PARTS = 16;

/**
 * Milliseconds of a whole vCPU for one evaluation of a rule in a region. Measured were 0.24 to 0.52; rules
 * about resources make several calls, and a vCPU may be slower.
 */
export const EVALUATION_CPU_MS = 0.6;
