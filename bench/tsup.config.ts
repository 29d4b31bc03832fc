import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild(
  {
    main: "src/main.ts",
    generate: "src/generate.ts",
    "log-ours": "src/programs/log-ours.ts",
    "follow-latency": "src/programs/follow-latency.ts",
    "parse-each-line": "src/programs/parse-each-line.ts",
  },
  { dts: false },
);
