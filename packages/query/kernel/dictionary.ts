/** The texts of the columns, each told from all others by a code: a dictionary of bounded size for every column. */

/** How many columns have texts. */
export const columnCount: u32 = 6;

/** A column's text that is not there, and one for which its dictionary has no more room. */
export const absent: u32 = 0;
export const unlisted: u32 = 0xffffffff;

/**
 * A dictionary: slots of a hash table, each the code of an entry; per code where its text is and how long. What is not
 * used of it is not touched, and takes no memory.
 */
export const maxEntries: u32 = 1 << 16;
const slotCount: u32 = maxEntries << 1;
const arenaBytes: u32 = 2 << 20;
const dictionaryBytes: u32 = slotCount * 4 + maxEntries * 8 + arenaBytes;
/** Longer texts are no ids that anybody groups by or asks for: they would use up the room. */
const maxTextBytes: u32 = 1024;
/** Slots looked at for one text. Honest texts need a few; texts made to fall together are not listed beyond that. */
const maxProbes: u32 = 256;

const dictionaries: usize = heap.alloc(dictionaryBytes * columnCount); // zeros, as all memory at the start
const entryCounts = new StaticArray<u32>(columnCount);
const arenaUsed = new StaticArray<u32>(columnCount);

/** The code of a text, which is entered if there is room; `unlisted`, then and ever after, if there is none. */
export function intern(column: u32, start: usize, length: u32): u32 {
  if (length > maxTextBytes) return unlisted;
  const slots = dictionaries + column * dictionaryBytes;
  const entries = slots + slotCount * 4;
  let slot = hash(start, length) & (slotCount - 1);
  for (let probes: u32 = 0; ; probes++) {
    if (probes == maxProbes) return unlisted;
    const code = load<u32>(slots + (slot << 2));
    if (code == 0) break;
    const entry = entries + ((code - 1) << 3);
    if (load<u32>(entry, 4) == length && memory.compare(load<u32>(entry), start, length) == 0) return code;
    slot = (slot + 1) & (slotCount - 1);
  }
  const used = unchecked(arenaUsed[column]);
  const count = unchecked(entryCounts[column]);
  if (count == maxEntries || used + length > arenaBytes) return unlisted;
  const place = entries + maxEntries * 8 + used;
  memory.copy(place, start, length);
  store<u32>(entries + (count << 3), place as u32);
  store<u32>(entries + (count << 3), length, 4);
  store<u32>(slots + (slot << 2), count + 1);
  unchecked((entryCounts[column] = count + 1));
  unchecked((arenaUsed[column] = used + length));
  return count + 1;
}

/** Forgets all texts: their codes are given again. */
export function forgetTexts(): void {
  for (let column: u32 = 0; column < columnCount; column++) {
    if (unchecked(entryCounts[column]) == 0) continue;
    memory.fill(dictionaries + column * dictionaryBytes, 0, slotCount * 4);
    unchecked((entryCounts[column] = 0));
    unchecked((arenaUsed[column] = 0));
  }
}

/** Where the text of a code stands, and its length. */
export function textStart(column: u32, code: u32): u32 {
  return load<u32>(dictionaries + column * dictionaryBytes + slotCount * 4 + ((code - 1) << 3));
}
export function textLength(column: u32, code: u32): u32 {
  return load<u32>(dictionaries + column * dictionaryBytes + slotCount * 4 + ((code - 1) << 3), 4);
}

function hash(start: usize, length: u32): u32 {
  let h: u64 = length * 0x9e3779b97f4a7c15;
  let p = start;
  const end = start + length;
  for (; p + 8 <= end; p += 8) h = rotl<u64>((h ^ load<u64>(p)) * 0x9fb21c651e98df25, 29);
  for (; p < end; p++) h = (h ^ load<u8>(p)) * 0x100000001b3;
  h ^= h >> 32;
  return (h ^ (h >> 15)) as u32;
}
