import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Draw } from "../store/draw.js";
import { drawEvents } from "../store/draw-event.js";
import { seededRandom } from "../store/random.js";
import type { Bench } from "./bench.js";

/**
 * A thousand events of one job that the programs of the write rows log in turn, in one file of JSON: drawing an event is
 * not what is measured. Without those that only the logger itself may write.
 */
export function eventsFile({ workFolder }: Bench): string {
  const path = join(workFolder, "events.json");
  if (!existsSync(path)) {
    const drawn = drawEvents(new Draw(seededRandom(7), "bench", 50), 1100);
    const events = drawn.filter(
      ({ event_type }) => !["events_dropped", "event_rejected"].includes(event_type),
    );
    writeFileSync(path, JSON.stringify(events.slice(0, 1000)));
  }
  return path;
}
