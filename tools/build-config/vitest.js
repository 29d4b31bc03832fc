import { defineConfig } from "vitest/config";

/**
 * The tests of every package. `lines` is the least share of source lines, in per cent, that the tests must
 * run; 0 switches coverage off (for packages whose tests drive a built program in other processes).
 */
export function packageTests({ lines = 90, ...test } = {}) {
  return defineConfig({
    test: {
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      reporters: ["default", "json"],
      outputFile: { json: "reports/tests.json" },
      testTimeout: 30_000,
      hookTimeout: 30_000,
      coverage: {
        enabled: lines > 0,
        provider: "v8",
        reporter: ["text-summary", "json-summary"],
        reportsDirectory: "reports/coverage",
        include: ["src/**/*.ts"],
        exclude: ["src/**/*.test.ts", "src/**/*.test-d.ts", "src/generated/**"],
        thresholds: { lines },
      },
      ...test,
    },
  });
}
