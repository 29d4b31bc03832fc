import { fileURLToPath } from "node:url";

/**
 * How the source of a package is mutated: only the files in `mutate`, and each mutant is judged by the tests that
 * reach its line, as `vitest.mutation.config.ts` beside the configuration chooses them.
 */
export function packageMutation({ mutate }) {
  return {
    testRunner: "vitest",
    plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
    vitest: { configFile: "vitest.mutation.config.ts", related: false },
    coverageAnalysis: "perTest",
    mutate: [...mutate, "!src/**/*.test.ts"],
    // What runs once, when a file is loaded, cannot be switched on for a single test.
    ignoreStatic: true,
    concurrency: 2,
    timeoutMS: 20_000,
    timeoutFactor: 3,
    incremental: true,
    incrementalFile: "reports/mutation/incremental.json",
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: "reports/mutation/mutation.json" },
    ignorePatterns: ["reports"],
    tempDirName: ".stryker-tmp",
    allowEmpty: false,
    checkers: [],
  };
}
