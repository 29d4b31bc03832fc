import { randomInt } from "node:crypto";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { jsonLine, type Row, runRow, verdictOf } from "../src/index.js";

/** Far more than any row takes, on a machine that has much else to do. */
const timeoutMs = 600_000;

/** Printed with every result, so that what failed can be run again. */
const seed = Number(process.env.FAULT_LAB_SEED ?? randomInt(1_000_000_000));

/** A test for each of the rows that has a quick mode. */
export function testQuickRows(rows: readonly Row[]): void {
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
}
