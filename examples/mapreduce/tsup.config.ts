import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild(
  { main: "src/main.ts", agent: "src/agent.ts", demo: "src/demo.ts" },
  { dts: false },
);
