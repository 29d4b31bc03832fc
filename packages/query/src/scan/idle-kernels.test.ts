import { describe, expect, it } from "vitest";
import { borrowKernel, returnKernel } from "./idle-kernels.js";
import { column } from "./kernel.js";

describe("borrowKernel", () => {
  it("gives a kernel again once it is back, knowing nothing", () => {
    const first = borrowKernel(1_000);
    first.intern(column.job, "a");
    expect(borrowKernel(1_000)).not.toBe(first);
    returnKernel(first);
    expect(borrowKernel(2_000)).not.toBe(first);
    const again = borrowKernel(1_000);
    expect(again).toBe(first);
    expect(again.intern(column.job, "b")).toBe(1);
    expect(borrowKernel(1_000)).not.toBe(first);
  });
});
