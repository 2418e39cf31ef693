import { defineConfig } from "vitest/config";

export default defineConfig({
  // Some packages ship source maps without their sources; each would be a line of noise.
  logLevel: "error",
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    server: { deps: { inline: [/@actions\/(workflow-parser|expressions)/] } },
  },
});
