import { mutationTests } from "@prodigy-events/mutation/vitest";

export default mutationTests({ leaveOut: ["test/**"] });
