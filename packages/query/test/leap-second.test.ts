import { mkdir, writeFile } from "node:fs/promises";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore, type QueryInput } from "../src/index.js";

/**
 * Texts of the instants around the leap second at the end of 2016, in time order. It is the second after 23:59:59, and
 * shares its instants with the first one of 2017: of equal ones either may come first.
 */
const times = [
  "2016-12-31T23:59:59.999999999Z",
  "2016-12-31T23:59:60Z",
  "2017-01-01T00:00:00Z",
  "2016-12-31T23:59:60.000000001Z",
  "2017-01-01T00:00:00.200Z",
  "2016-12-31T23:59:60.500Z",
  "2017-01-01T00:00:00.500Z",
  "2017-01-01T00:59:60.999999999+01:00",
  "2017-01-01T00:00:01Z",
] as const;
/** What each of them is, in nanoseconds from the beginning of 2017. */
const instants = [-1, 0, 0, 1, 200_000_000, 500_000_000, 500_000_000, 999_999_999, 1_000_000_000];

/** As our writers write a line, and as others may, which the kernel leaves to be parsed. */
const spellings = {
  canonical: (time: string) =>
    `{"id":"${time}","timestamp":"${time}","correlation_id":"","event":{"event_type":"x"},"metadata":{}}\n`,
  foreign: (time: string) =>
    `{ "timestamp" : "${time}", "event" : { "event_type" : "x" }, "id" : "${time}" }\n`,
};

let root: TemporaryDirectory;
beforeEach(async () => {
  root = await temporaryDirectory();
  await mkdir(root.join("events", "repo", "job"), { recursive: true });
});

describe.each(Object.entries(spellings))("in %s lines", (_spelling, lineOf) => {
  describe.each([
    ["as they are", false],
    ["with an index", true],
  ])("that are read %s", (_how, index) => {
    /** The records, latest first within one file and earliest first in another, so that nothing is sorted by chance. */
    async function filled(): Promise<(question: QueryInput) => Promise<string[]>> {
      const place = (name: string) => root.join("events", "repo", "job", name);
      const [even, odd] = [0, 1].map((rest) => times.filter((_, at) => at % 2 === rest));
      await writeFile(place("a.jsonl.rotated"), even!.map(lineOf).reverse().join(""));
      await writeFile(place("b.jsonl.rotated"), odd!.map(lineOf).join(""));
      const bounds = { minIndexedBytes: 0, minIndexGrowthBytes: 0 };
      const store = await openStore({ root: root.path, repo: "repo", local: false, index, bounds });
      if (index)
        expect((await store.index()).segments.map(({ action }) => action)).toEqual(["built", "built"]);
      return async (question) => {
        const found: string[] = [];
        const stream = store.query(question);
        for await (const { id } of stream) found.push(id);
        expect(stream.report).toMatchObject({ malformed: 0, records: times.length });
        expect((await store.stats(question)).total).toBe(found.length);
        return found;
      };
    }

    it("a leap second lies between the seconds beside it", async () => {
      const ask = await filled();
      const found = await ask({});
      expect([...found].sort()).toEqual([...times].sort());
      expect(found.map((time) => instants[times.indexOf(time as (typeof times)[number])])).toEqual(instants);
    });

    it.each(times)("%s bounds a question like any other time", async (time) => {
      const ask = await filled();
      const bound = instants[times.indexOf(time)]!;
      const expected = (isWanted: (instant: number) => boolean) =>
        times.filter((_, at) => isWanted(instants[at]!)).sort();
      expect((await ask({ since: time })).sort()).toEqual(expected((instant) => instant >= bound));
      expect((await ask({ until: time })).sort()).toEqual(expected((instant) => instant <= bound));
    });
  });
});
