import { describe, expect, it } from "vitest";
import { renderTable } from "./table.js";

const options = { columns: Number.POSITIVE_INFINITY, ellipsis: "…", paintTitle: (text: string) => text };
const cells = (...texts: string[]) => texts.map((text) => ({ text }));

describe("renderTable", () => {
  it("aligns columns by what is seen, numbers to the right", async () => {
    const table = await renderTable(
      [{ title: "JOB" }, { title: "COUNT", align: "right" }, { title: "NOTE" }],
      [cells("日本", "7", "x"), cells("job-1", "1234567", "")],
      options,
    );
    expect(table).toBe(["JOB      COUNT  NOTE", "日本         7  x", "job-1  1234567", ""].join("\n"));
  });

  it("cuts the last column where the terminal ends", async () => {
    const table = await renderTable([{ title: "A" }, { title: "B" }], [cells("a", "b".repeat(40))], {
      ...options,
      columns: 20,
    });
    expect(table.split("\n")[1]).toBe(`a  ${"b".repeat(16)}…`);
  });

  it("paints a cell after padding it, so that colour does not shift columns", async () => {
    const table = await renderTable(
      [{ title: "A" }, { title: "B" }],
      [[{ text: "x", paint: (text) => `<${text}>` }, { text: "y" }]],
      options,
    );
    expect(table).toBe("A  B\n<x>  y\n");
  });
});
