import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild({ index: "src/index.ts", testing: "src/testing/index.ts" });
