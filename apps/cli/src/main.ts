#!/usr/bin/env node
import { saidVersion } from "./program/say-version.js";
import { version } from "./program/version.js";

if (!saidVersion(process.argv.slice(2), version)) {
  const { run } = await import("./program/run.js");
  process.exitCode = await run(process, version);
}
