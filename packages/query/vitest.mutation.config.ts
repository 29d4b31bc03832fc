import { mutationTests } from "@prodigy-events/mutation/vitest";

export default mutationTests({
  leaveOut: [
    "test/**",
    "src/segment-index/*.test.ts",
    "src/scan/kernel.test.ts",
    "src/scan/part-answers.test.ts",
  ],
  last: ["src/search/text-test.test.ts", "src/time/zone.test.ts"],
});
