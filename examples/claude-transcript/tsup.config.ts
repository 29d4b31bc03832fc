import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild({ main: "src/main.ts" }, { dts: false });
