import type { AnyEvent, EventType } from "@prodigy-events/schema";
import type { Draw } from "./draw.js";
import { mixture } from "./mixture.js";

const types = Object.keys(mixture) as EventType[];
const total = types.reduce((sum, type) => sum + mixture[type].weight, 0);

/** One event of a running job, drawn from the mixture that real jobs show. */
export function drawEvent(draw: Draw): AnyEvent {
  draw.turn();
  let rest = (draw.whole(1e6) / 1e6) * total;
  const type = types.find((candidate) => {
    rest -= mixture[candidate].weight;
    return rest < 0;
  });
  return eventOf(type ?? "agent_progress", draw);
}

/** One event of the given type. */
export function eventOf(type: EventType, draw: Draw): AnyEvent {
  return { event_type: type, ...mixture[type].draw(draw) };
}

/** Every type once, and then drawn ones, up to `count`. */
export function drawEvents(draw: Draw, count: number): AnyEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const type = types[index];
    return type === undefined ? drawEvent(draw) : eventOf(type, draw);
  });
}
