import { describe } from "vitest";
import { coreRows } from "../src/index.js";
import { testQuickRows } from "./quick-rows.js";

describe("the quick rows of the fault matrix that run in one process", () => {
  testQuickRows(coreRows.filter(({ id }) => id !== "7"));
});
