import type { Match } from "@prodigy-events/query";
import { decodeLine } from "@prodigy-events/schema";
import { describe, expect, it } from "vitest";
import { recordJson } from "./record-json.js";

/** A match as the query engine makes it: a missing job id is filled in behind the other fields. */
function match(line: string, directoryJob?: string): Match {
  const decoded = decodeLine(line);
  if (!decoded.ok) throw new Error(decoded.message);
  const { record } = decoded;
  if (directoryJob !== undefined) record.event.job_id ??= directoryJob;
  const { job_id } = record.event;
  return {
    record,
    line,
    path: "f",
    offset: 0,
    repo: undefined,
    jobId: typeof job_id === "string" ? job_id : undefined,
  };
}

const line = (event: string) =>
  `{"id":"1","timestamp":"2026-01-01T00:00:00Z","correlation_id":"c","event":${event},"metadata":{}}`;

describe("recordJson", () => {
  it("is the line itself where nothing needs to be normalised, digits and all", () => {
    const text = line('{"event_type":"t","job_id":"j","n":18446744073709551615}');
    expect(recordJson(match(`${text}\r`))).toBe(text);
  });

  it("is normalised where another program spelt it its way", () => {
    const text = recordJson(
      match(line('{"event_type":"AgentCompleted","job_id":"j","duration":[1,2],"x":1}')),
    );
    expect(JSON.parse(text).event).toEqual({
      event_type: "agent_completed",
      job_id: "j",
      duration: { secs: 1, nanos: 2 },
      x: 1,
    });
  });

  it("has the job of the store directory where the line names none", () => {
    const text = recordJson(match(line('{"event_type":"claude_message","agent_id":"a"}'), "j"));
    expect(JSON.parse(text).event.job_id).toBe("j");
  });

  it("has the job of the line where that comes last", () => {
    expect(JSON.parse(recordJson(match(line('{"event_type":"t","job_id":"own"}'), "j"))).event.job_id).toBe(
      "own",
    );
  });
});
