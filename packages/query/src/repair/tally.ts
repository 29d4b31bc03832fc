import type { LeftOutReason, Portion, RepairTotals, SegmentRepair } from "./repair-report.js";

/** A portion while it is being counted. */
export class PortionCount implements Portion {
  lines = 0;
  bytes = 0;

  add(lines: number, bytes: number): void {
    this.lines += lines;
    this.bytes += bytes;
  }
}

/** Portions by the reason why they were left out. */
export class LeftOut extends Map<LeftOutReason, PortionCount> {
  add(reason: LeftOutReason, lines: number, bytes: number): void {
    const portion = this.get(reason) ?? new PortionCount();
    portion.add(lines, bytes);
    this.set(reason, portion);
  }

  /** All of them together. */
  sum(): PortionCount {
    const sum = new PortionCount();
    for (const { lines, bytes } of this.values()) sum.add(lines, bytes);
    return sum;
  }
}

/** Adds up what became of segments. */
export class RepairTally implements RepairTotals {
  segments = 0;
  whole = 0;
  suspectLines = 0;
  unreadable = 0;
  readonly read = new PortionCount();
  readonly copied = new PortionCount();
  readonly leftOut = new LeftOut();

  add(repair: SegmentRepair): void {
    this.segments++;
    if (repair.isWhole) this.whole++;
    if (repair.error !== undefined) this.unreadable++;
    this.suspectLines += repair.suspectLines;
    this.copied.add(repair.copied.lines, repair.copied.bytes);
    this.read.add(repair.copied.lines, repair.copied.bytes);
    for (const [reason, { lines, bytes }] of repair.leftOut) {
      this.leftOut.add(reason, lines, bytes);
      this.read.add(lines, bytes);
    }
  }
}
