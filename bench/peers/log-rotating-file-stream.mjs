/** JSON.stringify into rotating-file-stream, with files as large as our segments; see writing.mjs. */
import { once } from "node:events";
import { createStream } from "rotating-file-stream";
import { recordOf, request } from "./writing.mjs";

const { events, count, directory } = request();
const stream = createStream("events.jsonl", { path: directory, size: "95M" });
for (let index = 0; index < count; index += 1) {
  const line = `${JSON.stringify(recordOf(events[index % events.length], index))}\n`;
  if (!stream.write(line)) await once(stream, "drain");
}
const finished = once(stream, "finish");
stream.end();
await finished;
