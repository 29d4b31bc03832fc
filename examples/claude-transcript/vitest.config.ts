import { packageTests } from "@prodigy-events/build-config/vitest";

// The tests drive the built programs in other processes, so coverage in this one would measure nothing.
export default packageTests({ lines: 0 });
