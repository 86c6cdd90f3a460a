import { defineConfig } from "vitest/config";

/** What is slow and seldom fails: long searches, other versions of Node, whole guides and builds. */
const LARGE = "test/**/*.large.test.ts";

export default defineConfig({
  test: {
    // Most tests wait for a process of their own, so two at once also suit two cores.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "quick", include: ["test/**/*.test.ts"], exclude: [LARGE] } },
      { extends: true, test: { name: "large", include: [LARGE] } },
    ],
    // No test leaves anything behind that another one sees, and to load the SDK for each file takes
    // a fifth of the time.
    isolate: false,
    // A slow machine is no failure; what must be quick says so itself.
    testTimeout: 30_000,
    globalSetup: ["test/harness/build-once.ts"],
    setupFiles: ["test/harness/fixed-seed.ts"],
    // Import CommonJS packages as Node and the built bundle do.
    deps: { interopDefault: false },
    env: { NO_COLOR: "1" },
  },
});
