import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild({ index: "src/index.ts", "scan-worker": "src/scan/scan-worker.ts" });
