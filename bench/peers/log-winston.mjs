/** Logs events with winston's file transport, which is told to wait by the stream that a logger is; see writing.mjs. */
import { once } from "node:events";
import { join } from "node:path";
import winston from "winston";
import { recordOf, request } from "./writing.mjs";

const { events, count, directory } = request();
const file = new winston.transports.File({ filename: join(directory, "winston.jsonl") });
const logger = winston.createLogger({ format: winston.format.json(), transports: [file] });
for (let index = 0; index < count; index += 1) {
  const info = { level: "info", message: "", ...recordOf(events[index % events.length], index) };
  if (!logger.write(info)) await once(logger, "drain");
}
const finished = once(file, "finish");
logger.end();
await finished;
