import { packageTests } from "@prodigy-events/build-config/vitest";

// The program runs in processes of its own, where coverage does not see it.
export default packageTests({ lines: 0 });
