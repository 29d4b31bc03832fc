import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild(
  { main: "src/main.ts", "readline-peer": "src/readline-peer.ts", "write-peer": "src/write-peer.ts" },
  { dts: false },
);
