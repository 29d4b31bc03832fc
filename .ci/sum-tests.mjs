// Prints `N passed, N failed` over the vitest reports of all packages. A package that has a test script but no
// report did not get as far as running its tests: that is one failure, and its name is printed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folders = ["packages", "apps", "examples", "tools"]
  .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  .concat("bench")
  .filter((folder) => existsSync(join(folder, "package.json")));

let passed = 0;
let failed = 0;
for (const folder of folders) {
  const { scripts = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!scripts.test) continue;
  const report = join(folder, "reports", "tests.json");
  if (!existsSync(report)) {
    process.stderr.write(`${folder}: no test report; its tests did not run\n`);
    failed += 1;
    continue;
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  passed += numPassedTests;
  failed += numFailedTests;
  // A file that throws while it is loaded fails without a test of its own.
  failed += testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
}

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
