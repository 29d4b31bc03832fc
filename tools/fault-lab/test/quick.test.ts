import { randomInt } from "node:crypto";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { jsonLine, rows, runRow, verdictOf } from "../src/index.js";

/** A row may take as long as the whole quick suite is allowed to. */
const timeoutMs = 240_000;

/** Printed with every result, so that what failed can be run again. */
const seed = Number(process.env.FAULT_LAB_SEED ?? randomInt(1_000_000_000));

describe("the quick rows of the fault matrix", () => {
  it.each(rows.filter(({ modes }) => modes.includes("quick")))(
    "$id holds: $title",
    async (row) => {
      const directory = (await temporaryDirectory()).path;
      const log = (text: string): void => {
        process.stderr.write(`${text}\n`);
      };
      const results = await runRow(row, { mode: "quick", seed, directory, log });
      for (const timed of results) log(jsonLine(timed));
      const failed = results.filter(({ result }) => verdictOf(result) === "failed");
      expect(failed).toEqual([]);
    },
    timeoutMs,
  );
});
