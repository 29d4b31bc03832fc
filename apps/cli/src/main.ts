#!/usr/bin/env node
import { run } from "./program/run.js";

process.exitCode = await run(process);
