import type { GroupRows } from "./group-rows.js";

/** What is stored of a group beside its columns. All of decided rows but for `lineBytes`; times as in `Instant`. */
export interface GroupSummary {
  readonly decided: number;
  /** Bytes of the lines with their line feeds. */
  readonly lineBytes: number;
  /** How many have an earlier time than the decided row before, in the same group. */
  readonly outOfOrder: number;
  /** Whether every row is decided, and has the number after that of the row before. */
  readonly isNumbered: boolean;
  readonly firstMs: number;
  readonly firstNanos: number;
  readonly firstSequence: number;
  readonly lastMs: number;
  readonly lastNanos: number;
  readonly lastSequence: number;
  readonly minMs: number;
  readonly minNanos: number;
  readonly maxMs: number;
  readonly maxNanos: number;
}

/** Sums up a group. */
export function summarize(group: GroupRows): GroupSummary {
  const { count, isDecided, ms, nanos, sequences, lengths } = group;
  let [decided, lineBytes, outOfOrder, rising] = [0, 0, 0, 0];
  let first = -1;
  let [lastMs, lastNanos, lastSequence] = [Number.NEGATIVE_INFINITY, 0, -1];
  for (let row = 0; row < count; row++) {
    lineBytes += lengths[row]!;
    if (isDecided[row] === 0) continue;
    const time = ms[row]!;
    const nano = nanos[row]!;
    const sequence = sequences[row]!;
    if (time < lastMs || (time === lastMs && nano < lastNanos)) outOfOrder++;
    if (sequence === lastSequence + 1) rising++;
    if (first < 0) first = row;
    lastMs = time;
    lastNanos = nano;
    lastSequence = sequence;
    decided++;
  }
  if (first < 0) return { ...empty, lineBytes };
  const firstSequence = sequences[first]!;
  const risingFirst = firstSequence === 0 ? 1 : 0;
  return {
    ...{ decided, lineBytes, outOfOrder },
    isNumbered: decided === count && rising - risingFirst === count - 1,
    ...{ firstMs: ms[first]!, firstNanos: nanos[first]!, firstSequence, lastMs, lastNanos, lastSequence },
    ...(outOfOrder === 0
      ? { minMs: ms[first]!, minNanos: nanos[first]!, maxMs: lastMs, maxNanos: lastNanos }
      : extremesOf(group)),
  };
}

const empty: GroupSummary = {
  ...{ decided: 0, lineBytes: 0, outOfOrder: 0, isNumbered: false },
  ...{ firstMs: 0, firstNanos: 0, firstSequence: -1, lastMs: 0, lastNanos: 0, lastSequence: -1 },
  ...{ minMs: Number.POSITIVE_INFINITY, minNanos: 0, maxMs: Number.NEGATIVE_INFINITY, maxNanos: 0 },
};

function extremesOf({ count, isDecided, ms, nanos }: GroupRows) {
  let [minMs, minNanos, maxMs, maxNanos] = [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0];
  for (let row = 0; row < count; row++) {
    if (isDecided[row] === 0) continue;
    const time = ms[row]!;
    const nano = nanos[row]!;
    if (time < minMs || (time === minMs && nano < minNanos)) [minMs, minNanos] = [time, nano];
    if (time > maxMs || (time === maxMs && nano > maxNanos)) [maxMs, maxNanos] = [time, nano];
  }
  return { minMs, minNanos, maxMs, maxNanos };
}
