import { packageBuild } from "@prodigy-events/build-config/tsup";

export default packageBuild(
  {
    main: "src/main.ts",
    "programs/writer": "src/programs/writer.ts",
    "programs/follower": "src/programs/follower.ts",
    "programs/cleaner": "src/programs/cleaner.ts",
    "programs/dead-sink": "src/programs/dead-sink.ts",
    "programs/peer": "src/programs/peer.ts",
    "programs/ender": "src/programs/ender.ts",
    "programs/reader": "src/programs/reader.ts",
    "programs/damager": "src/programs/damager.ts",
  },
  // Other loggers are loaded as they were installed: they find files of theirs beside them.
  { dts: false, external: ["pino", "rotating-file-stream", "winston", "winston-daily-rotate-file"] },
);
