import { packageTests } from "@prodigy-events/build-config/vitest";

// Rows that compute and rows that wait for processes side by side, also on two processors.
export default packageTests({ lines: 0, maxWorkers: 2 });
