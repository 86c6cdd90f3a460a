import * as fc from "fast-check";

/**
 * The same cases in every run of the suite, so that a rare failure belongs to the change that caused
 * it. Set `FAST_CHECK_SEED` to try others.
 */
fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20_261_128) });
