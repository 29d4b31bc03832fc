/** Lines counted, and their bytes: those of the uncompressed content, line ends included. */
export interface Amount {
  records: number;
  /** Lines that are not records. */
  malformed: number;
  bytes: number;
}

export const noAmount: Amount = Object.freeze({ records: 0, malformed: 0, bytes: 0 });

export function addAmounts(a: Amount, b: Amount): Amount {
  return { records: a.records + b.records, malformed: a.malformed + b.malformed, bytes: a.bytes + b.bytes };
}

export function subtractAmounts(a: Amount, b: Amount): Amount {
  return { records: a.records - b.records, malformed: a.malformed - b.malformed, bytes: a.bytes - b.bytes };
}

export function isSameAmount(a: Amount, b: Amount): boolean {
  return a.records === b.records && a.malformed === b.malformed && a.bytes === b.bytes;
}

/** An amount for messages: `records 12, other lines 1, bytes 3456`. */
export function formatAmount({ records, malformed, bytes }: Amount): string {
  return `records ${records}, other lines ${malformed}, bytes ${bytes}`;
}
