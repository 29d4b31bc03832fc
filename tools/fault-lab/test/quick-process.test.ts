import { describe } from "vitest";
import { processRows } from "../src/index.js";
import { testQuickRows } from "./quick-rows.js";

describe("the quick rows of the fault matrix with processes", () => testQuickRows(processRows));
