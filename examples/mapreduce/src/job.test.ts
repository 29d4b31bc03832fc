import { expect, it } from "vitest";
import { backoffAfter, itemCorrelationId, jobFolder } from "./job.js";

it.each([
  [1, 500],
  [2, 1000],
  [3, 2000],
  [10, 60_000],
])("waits after attempt %i for %i ms", (attempt, waitMs) => {
  expect(backoffAfter(attempt, 500)).toBe(waitMs);
});

it("keeps a job's state beside its repository", () => {
  expect(jobFolder("/src/shop", "job-1")).toBe("/src/shop.jobs/job-1");
});

it("gives an item a correlation id under that of the run", () => {
  expect(itemCorrelationId("workflow-1a2b", "src/cart.ts")).toBe("workflow-1a2b/src/cart.ts");
});
