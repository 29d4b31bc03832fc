import { GroupCounter } from "../stats/group-counter.js";
import { FoundLinesPacker } from "./found-lines.js";
import type { Kernel } from "./kernel.js";
import { RowGroups } from "./row-groups.js";
import type { ScanTarget } from "./scan.js";
import type { CountedGroups, FoundLines, ScanPurpose } from "./scan-job.js";

/** What collects the wanted records of one part of a scan after the other. */
export interface PartTarget extends ScanTarget {
  begin(): void;
  take(): CountedGroups | FoundLines;
}

export function partTarget(purpose: ScanPurpose, kernel: Kernel): PartTarget {
  return purpose.kind === "count" ? countingTarget(purpose.groupBy, kernel) : packingTarget(kernel);
}

function countingTarget(groupBy: readonly string[], kernel: Kernel): PartTarget {
  let counter = new GroupCounter();
  const groups = new RowGroups(groupBy, counter, kernel);
  return {
    mask: groups.mask,
    needsLines: groups.needsLines,
    takeRow: (rows, row) => groups.takeRow(rows, row),
    takeRows: (rows, verdicts) => groups.takeRows(rows, verdicts),
    takeEntries: (entries) => groups.takeEntries(entries),
    begin() {
      counter = new GroupCounter();
      groups.begin(counter);
    },
    take() {
      groups.finish();
      return { groups: counter.counted() };
    },
  };
}

function packingTarget(kernel: Kernel): PartTarget {
  const packer = new FoundLinesPacker(kernel);
  return {
    mask: packer.mask,
    needsLines: packer.needsLines,
    takeRow: (rows, row, place) => packer.takeRow(rows, row, place),
    takeRows: (rows, verdicts, place) => packer.takeRows(rows, verdicts, place),
    takeEntries: (entries) => packer.takeEntries(entries),
    begin: () => void packer.take(),
    take: () => packer.take(),
  };
}
