import type { Segment } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { type QueryInput, resolveQuery } from "../filter/query.js";
import type { SourceSegment } from "../source/source-segment.js";
import { planQuery } from "./plan-query.js";

function source(path: string, name: Partial<Segment> = {}): SourceSegment {
  const directory = path.slice(0, path.lastIndexOf("/"));
  const file = { bytes: 1, mtimeMs: 0, dev: 1, ino: 1, isLink: false };
  const logicalName = path.slice(directory.length + 1);
  const segment: Segment = {
    path,
    directory,
    logicalName,
    state: "plain",
    kind: "foreign",
    ...file,
    ...name,
  };
  return { segment, origin: "store", path, jobId: undefined, repo: undefined };
}

const own = (path: string, producerId: string, createdAtMs: number) =>
  source(path, { kind: "own", producerId, createdAtMs });
const plan = (input: QueryInput, sources: SourceSegment[] = []) => planQuery(resolveQuery(input, 0), sources);

describe("planQuery", () => {
  it.each([
    [{}, "merge"],
    [{ limit: 0 }, "merge"],
    [{ limit: 5, order: "oldest" }, "merge"],
    [{ limit: 5 }, "newest"],
    [{ limit: 10_000 }, "newest"],
    [{ limit: 10_001 }, "count-then-merge"],
    [{ agentId: "agent-1" }, "gather"],
    [{ since: "2026-01-01" }, "gather"],
    [{ severity: "error", limit: 10_001 }, "gather"],
    [{ severity: "error", limit: 10_000 }, "newest"],
    [{ severity: "error", limit: 5, order: "oldest" }, "merge"],
    [{ limit: 10_001, order: "oldest" }, "merge"],
  ] as const)("answers %j by the strategy %s", (input, strategy) => {
    expect(plan(input).strategy).toBe(strategy);
  });

  it("chains a producer's segments in the order of their creation, and leaves other files alone", () => {
    const sources = [
      own("/a/2", "prod1", 200),
      own("/a/1", "prod1", 100),
      own("/a/3", "prod2", 150),
      own("/b/1", "prod1", 50),
      source("/a/shared"),
    ];
    const { chains, files } = plan({}, sources);
    expect(chains.map(({ segments }) => segments.map(({ source: { path }, file }) => [path, file]))).toEqual([
      [
        ["/a/1", 1],
        ["/a/2", 0],
      ],
      [["/a/3", 2]],
      [["/b/1", 3]],
    ]);
    expect(files).toEqual([{ source: sources[4], file: 4 }]);
  });

  it("is frozen plain data: JSON brings it back as it was", () => {
    const planned = plan({ since: "2h", limit: 3, eventTypes: ["a_*"] }, [
      own("/a/1", "prod1", 1),
      source("/a/x"),
    ]);
    expect(JSON.parse(JSON.stringify(planned.query))).toEqual(planned.query);
    expect(Object.isFrozen(planned)).toBe(true);
    expect(Object.isFrozen(planned.chains)).toBe(true);
    expect(Object.isFrozen(planned.query.eventTypes)).toBe(true);
  });
});
