import { type GroupRows, groupRowCount } from "./group-rows.js";
import { type GroupSummary, summarize } from "./group-summary.js";
import { packCodes, unpackCodes } from "./packed-codes.js";
import { constant, type PackedValues, packedArray, packValues, unpackValues } from "./packed-values.js";
import { stored, storedColumnCount, textColumnCount } from "./stored-column.js";

/** A group of rows as it is stored. Plain data that can be sent to another thread. */
export interface PackedGroup {
  readonly rows: number;
  /** Where the first line begins. */
  readonly firstOffset: number;
  readonly summary: GroupSummary;
  /** What a sequence number is expected to be more than the one before: 1 or 0. */
  readonly sequenceStep: 0 | 1;
  /** By stored column. */
  readonly columns: readonly PackedValues[];
}

/** Reused for every group: packing is synchronous. */
const values = new Float64Array(groupRowCount);

/** Packs a group. Groups with the same rows are packed alike, wherever the rows came from. */
export function packGroup(group: GroupRows): PackedGroup {
  const { count, starts, lengths, nanos } = group;
  const summary = summarize(group);
  if (summary.decided < count) group.settleUndecided();
  const { packed: sequences, step: sequenceStep } = packSequences(group, summary);
  const columns = new Array<PackedValues>(storedColumnCount);
  for (let of = 0; of < textColumnCount; of++) columns[of] = packCodes(group.codes[of]!, count);
  columns[stored.lengths] = packValues(lengths, count);
  columns[stored.gaps] = packGaps(group, summary);
  columns[stored.ms] = packTimes(group);
  columns[stored.nanos] = packValues(nanos, count);
  columns[stored.sequences] = sequences;
  columns[stored.states] = packStates(group, summary);
  return { rows: count, firstOffset: starts[0]!, summary, sequenceStep, columns };
}

/** Bytes between lines: where empty ones are. */
function packGaps({ count, starts, lengths }: GroupRows, { lineBytes }: GroupSummary): PackedValues {
  const last = count - 1;
  if (starts[last]! + lengths[last]! - starts[0]! === lineBytes) return constant(0);
  values[0] = 0;
  for (let row = 1; row < count; row++) values[row] = starts[row]! - starts[row - 1]! - lengths[row - 1]!;
  return packValues(values, count);
}

/** Times as differences from the row before. */
function packTimes({ count, ms }: GroupRows): PackedValues {
  for (let row = 1; row < count; row++) values[row] = ms[row]! - ms[row - 1]!;
  values[0] = count > 1 ? values[1]! : 0;
  return packValues(values, count);
}

function packSequences(
  { count, sequences }: GroupRows,
  { isNumbered, firstSequence }: GroupSummary,
): { packed: PackedValues; step: 0 | 1 } {
  if (isNumbered) return { packed: constant(firstSequence), step: 1 };
  for (let row = 0; row < count; row++) values[row] = sequences[row]! - row;
  const rising = packValues(values, count);
  const level = packValues(sequences, count);
  return level.width < rising.width ? { packed: level, step: 0 } : { packed: rising, step: 1 };
}

function packStates({ count, isDecided }: GroupRows, { decided }: GroupSummary): PackedValues {
  if (decided === count || decided === 0) return constant(decided === 0 ? 0 : 1);
  return { base: 0, width: 1, bytes: isDecided.slice(0, count) };
}

/** Unpacks a group into `group`, whose former rows are gone; codes are replaced by what the tables have for them. */
export function unpackGroup(
  packed: PackedGroup,
  group: GroupRows,
  tables: readonly (Uint32Array | undefined)[],
): void {
  const { rows, columns } = packed;
  group.count = rows;
  for (let of = 0; of < textColumnCount; of++) unpackCodes(columns[of]!, rows, group.codes[of]!, tables[of]);
  unpackValues(columns[stored.lengths]!, rows, group.lengths);
  unpackValues(columns[stored.gaps]!, rows, values);
  let offset = packed.firstOffset;
  for (let row = 0; row < rows; row++) {
    offset += values[row]!;
    group.starts[row] = offset;
    offset += group.lengths[row]!;
  }
  unpackTimes({ group: packed, values: columns[stored.ms]! }, group.ms);
  unpackValues(columns[stored.nanos]!, rows, group.nanos);
  unpackSequences({ group: packed, values: columns[stored.sequences]! }, group.sequences);
  unpackValues(columns[stored.states]!, rows, group.isDecided);
}

/** What it takes to unpack one column of a group. */
interface PackedColumn<Name extends keyof PackedGroup> {
  readonly group: Pick<PackedGroup, "rows" | Name>;
  readonly values: PackedValues;
}

/** Writes the instants of a group, in milliseconds, to the beginning of `ms`. */
export function unpackTimes(
  { group: { rows, summary }, values: packed }: PackedColumn<"summary">,
  ms: Float64Array,
): void {
  const { base, width, bytes } = packed;
  // Undecided rows before the first decided one have been given its time.
  let time = summary.firstMs;
  ms[0] = time;
  if (width === 0) {
    for (let row = 1; row < rows; row++) {
      time += base;
      ms[row] = time;
    }
    return;
  }
  const offsets = packedArray(width, bytes);
  for (let row = 1; row < rows; row++) {
    time += base + offsets[row]!;
    ms[row] = time;
  }
}

/** Writes the sequence numbers of a group to the beginning of `sequences`. */
export function unpackSequences(
  { group: { rows, sequenceStep }, values: packed }: PackedColumn<"sequenceStep">,
  sequences: Float64Array,
): void {
  unpackValues(packed, rows, sequences);
  if (sequenceStep === 1) for (let row = 1; row < rows; row++) sequences[row]! += row;
}
