import { describe } from "vitest";
import { coreRows } from "../src/index.js";
import { testQuickRows } from "./quick-rows.js";

// By itself, since it takes as long as all other rows of its kind together.
describe("the quick row of crash states", () => {
  testQuickRows(coreRows.filter(({ id }) => id === "7"));
});
