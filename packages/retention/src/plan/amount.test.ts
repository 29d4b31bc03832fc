import { expect, it } from "vitest";
import { addAmounts, formatAmount, isSameAmount, subtractAmounts } from "./amount.js";

const amount = { records: 7, malformed: 5, bytes: 300 };
const part = { records: 3, malformed: 1, bytes: 40 };

it("adds and subtracts each count by itself", () => {
  expect(addAmounts(amount, part)).toEqual({ records: 10, malformed: 6, bytes: 340 });
  expect(subtractAmounts(amount, part)).toEqual({ records: 4, malformed: 4, bytes: 260 });
});

it.each(["records", "malformed", "bytes"])("tells amounts apart by their %s alone", (count) => {
  expect(isSameAmount(amount, { ...amount })).toBe(true);
  expect(isSameAmount(amount, { ...amount, [count]: 0 })).toBe(false);
});

it("names every count for people", () => {
  expect(formatAmount(amount)).toBe("records 7, other lines 5, bytes 300");
});
