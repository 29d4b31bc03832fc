import { cutTo, padEnd, padStart, prepareWidth, textWidth } from "./text-width.js";

/** A cell: safe text, and how to paint it once it is padded. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface TableColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

const gap = "  ";

/** Widths that hold the titles and all rows, each at most `widest`. */
export function columnWidths(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  widest = Number.POSITIVE_INFINITY,
): number[] {
  return columns.map((column, index) => {
    let width = textWidth(column.title);
    for (const row of rows) width = Math.max(width, textWidth(row[index]?.text ?? ""));
    return Math.min(width, widest);
  });
}

/** One line of a table, without the line end and without trailing spaces. Cells are never cut. */
export function tableLine(
  columns: readonly TableColumn[],
  cells: readonly Cell[],
  widths: readonly number[],
): string {
  let line = "";
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? { text: "" };
    const width = widths[index] ?? 0;
    const isLast = index === columns.length - 1;
    const padded =
      column.align === "right" ? padStart(cell.text, width) : isLast ? cell.text : padEnd(cell.text, width);
    line += (index === 0 ? "" : gap) + (cell.paint === undefined ? padded : cell.paint(padded));
  }
  return line.trimEnd();
}

export interface TableOptions {
  /** Lines are cut to this many columns. */
  readonly columns: number;
  readonly ellipsis: string;
  readonly paintTitle: (text: string) => string;
}

/** A whole table: titles, then rows. The last column is cut where the terminal ends. */
export async function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
): Promise<string> {
  await prepareWidth(rows.flatMap((row) => row.map((cell) => cell.text)));
  const fitted = fitLastColumn(columns, rows, options);
  const widths = columnWidths(columns, fitted);
  const titles = columns.map((column) => ({ text: column.title, paint: options.paintTitle }));
  return [titles, ...fitted].map((cells) => `${tableLine(columns, cells, widths)}\n`).join("");
}

function fitLastColumn(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  { columns: available, ellipsis }: TableOptions,
): (readonly Cell[])[] {
  const last = columns.length - 1;
  if (!Number.isFinite(available) || columns[last]?.align === "right") return [...rows];
  const others = columnWidths(columns.slice(0, last), rows).reduce(
    (sum, width) => sum + width + gap.length,
    0,
  );
  const room = Math.max(available - others, 10);
  return rows.map((row) =>
    row.map((cell, index) => (index === last ? { ...cell, text: cutTo(cell.text, room, ellipsis) } : cell)),
  );
}
