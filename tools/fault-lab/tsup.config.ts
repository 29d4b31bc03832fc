import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild({ main: "src/main.ts", index: "src/index.ts" }, { dts: false });
