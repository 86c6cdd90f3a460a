import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/harness/build-once.ts"],
    // Import CommonJS packages as Node and the built bundle do.
    deps: { interopDefault: false },
    env: { NO_COLOR: "1" },
  },
});
