import { FlushError } from "../errors.js";
import type { FlushTicket } from "../queue/flush-waiters.js";
import type { WriterLane } from "../queue/writer-lane.js";
import { Deadline } from "./deadline.js";

/**
 * Waits until the lanes have settled what they had accepted. Without `timeoutMs` the first failed attempt of a
 * required lane rejects; with it, attempts go on until then. What happens to the other lanes is not told here.
 */
export async function flushLanes(lanes: readonly WriterLane[], timeoutMs: number | undefined): Promise<void> {
  const tickets = lanes.map((lane) => ({
    lane,
    ticket: lane.flush(lane.isRequired && timeoutMs !== undefined),
  }));
  const ends = tickets.map(({ lane, ticket }) => {
    // Also those that nobody looks at, because another was first, must not end the process.
    const quiet = ticket.done.catch(() => undefined);
    return lane.isRequired ? ticket.done : quiet;
  });
  if (timeoutMs === undefined) {
    await Promise.all(ends);
    return;
  }
  const deadline = new Deadline(timeoutMs);
  try {
    const end = await Promise.race([Promise.all(ends), deadline.passed]);
    if (end === "passed") {
      for (const { lane, ticket } of tickets) cancel(lane, ticket, timeoutMs);
      await Promise.all(ends);
    }
  } finally {
    deadline.clear();
  }
}

function cancel(lane: WriterLane, ticket: FlushTicket, timeoutMs: number): void {
  const cause = lane.isDegraded ? lane.lastError : undefined;
  const message = cause?.message ?? `the ${lane.name} writer took longer than ${timeoutMs} ms`;
  ticket.cancel({ code: cause?.code ?? "TIMEOUT", message, cause }, lane.backlog.settledEvents);
}

/** Has every lane keep synchronously what it has not settled. Returns what went wrong, by lane. */
export function saveLanesSync(lanes: readonly WriterLane[]): { lane: WriterLane; error: FlushError }[] {
  const failures: { lane: WriterLane; error: FlushError }[] = [];
  for (const lane of lanes) {
    try {
      lane.saveSync();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "WRITER_FAILED";
      const unwritten = lane.backlog.queuedEvents;
      const message = `${unwritten} events are not written: ${reason}`;
      failures.push({ lane, error: new FlushError(message, { code, unwritten, writer: lane.name, cause }) });
    }
  }
  return failures;
}
