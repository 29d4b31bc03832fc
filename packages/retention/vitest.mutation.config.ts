import { mutationTests } from "@prodigy-events/mutation/vitest";

export default mutationTests({
  leaveOut: [
    "test/exclusion.test.ts",
    "test/faults.test.ts",
    "test/killed.test.ts",
    "test/random-stores.test.ts",
    "test/readme.test.ts",
    "test/restore-faults.test.ts",
  ],
  last: ["test/limits.test.ts"],
});
