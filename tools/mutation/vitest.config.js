import { packageTests } from "@prodigy-events/build-config/vitest";

export default packageTests({ lines: 0 });
