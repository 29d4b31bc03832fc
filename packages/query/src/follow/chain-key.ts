import type { SourceSegment } from "../source/source-segment.js";
import { keyOf } from "./reconcile.js";

/** Whether a segment is one of a producer of ours, whose segments are read one after the other. */
export function isOfProducer({ segment }: SourceSegment): boolean {
  return segment.producerId !== undefined;
}

/** The producer whose numbers a segment has, in its directory; `undefined` for a file whose records are not numbered. */
export function producerKeyOf({ segment }: SourceSegment): string | undefined {
  const { producerId = segment.partOf?.producerId, directory } = segment;
  return producerId === undefined ? undefined : `${producerId}/${directory}`;
}

/** What is read as one: the segments of a producer in a directory, or a file of others, or a part of a segment. */
export function chainKeyOf(source: SourceSegment): string {
  const { producerId, directory } = source.segment;
  return producerId === undefined ? keyOf(source) : `${producerId}/${directory}`;
}

/**
 * The files that may hold copies of each other's records: a shared file, and what was set aside of it and perhaps cut;
 * any other file by itself.
 */
export function familyOf(source: SourceSegment): string {
  const { kind, directory, logicalName } = source.segment;
  if (kind !== "shared") return keyOf(source);
  return `${directory}/${logicalName.replace(/(?:-\d{8}_\d{6}_\d{3})?\.jsonl$/, ".jsonl")}`;
}
