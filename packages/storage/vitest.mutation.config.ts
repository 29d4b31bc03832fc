import { mutationTests } from "@prodigy-events/mutation/vitest";

export default mutationTests({
  leaveOut: [
    "test/concurrency.test.ts",
    "test/format.test.ts",
    "test/prodigy-files.test.ts",
    "test/readme.test.ts",
    "src/places/*.test.ts",
    "src/producers/*.test.ts",
  ],
  last: [
    "test/bombs.test.ts",
    "test/damaged-gzip.test.ts",
    "test/faults.test.ts",
    "test/read-lines.property.test.ts",
    "src/reading/run-decoder.test.ts",
  ],
});
