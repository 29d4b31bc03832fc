import { mutationTests } from "@prodigy-events/mutation/vitest";

export default mutationTests({
  leaveOut: ["test/kill.test.ts", "test/readme.test.ts"],
  last: ["test/recovery.test.ts", "test/segment-writer-faults.test.ts"],
});
