import { packageBuild } from "@prodigy-events/build-config/tsup";

// vitest is only looked up when a test runs: bundling it would give the kit a second, useless copy.
export default packageBuild({ index: "src/index.ts" }, { external: ["vitest"] });
