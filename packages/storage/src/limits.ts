const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** Every bound that storage keeps, with its reason. Sizes are bytes, times milliseconds. */
export const limits = {
  /** One read of a segment. 1 MiB is a fifth faster, but a merge keeps two chunks of every open segment. */
  chunkBytes: 256 * KiB,
  /** Longest line a reader takes. Writers stop at 8 MiB an event; twice that leaves room for foreign writers. */
  maxLineBytes: 16 * MiB,
  /** Raw bytes of a bad line that a problem shows: enough to recognise it, short enough for one line of output. */
  previewBytes: 60,
  /** Uncompressed bytes per gzip member: large enough to compress well, small enough to inflate one in 5 ms. */
  memberBytes: 1 * MiB,
  /** Longest member, uncompressed: one line of the greatest length on top of a full member. */
  maxMemberBytes: 32 * MiB,
  /** Longest gzip member on disk. Deflate expands incompressible input by far less than this. */
  maxMemberCompressedBytes: 40 * MiB,
  /** Uncompressed bytes read from one compressed file: 40 rotations of 100 MB; a bomb ends here. */
  maxInflatedBytes: 4 * GiB,
  /** A compressed segment is verified this far past the size it should have: enough to say that it is longer. */
  inflationSlackBytes: 1 * MiB,
  /** Bytes per CRC-32 in a manifest: a damaged block is named to the MiB, a 100 MB segment has 96 sums. */
  checksumBlockBytes: 1 * MiB,
  /** Largest JSON file of ours that is read: a manifest of a 4 GiB segment has 4096 sums, about 50 kB. */
  maxStateFileBytes: 4 * MiB,
  /** Largest file of git's that is read (`.git`, `commondir`, `config`); real ones have a few hundred bytes. */
  maxGitFileBytes: 1 * MiB,
  /** A directory entry's longest name on Linux and macOS, in bytes. */
  maxNameBytes: 255,
  /** Longest name that is used as it is; longer ones are encoded, which leaves room for suffixes. */
  maxPlainNameLength: 128,
  /** Listings of a directory before two must have agreed; after that the union of all is taken. */
  maxListings: 20,
  /** Searches for a segment that vanishes between being found and being opened: its life has three renames. */
  maxRelocations: 5,
  /** `lstat` calls in flight while listing: libuv has four threads, more only queues. */
  concurrentStats: 16,
  /** A temporary file untouched for so long was left by a crash: the slowest compression writes every few seconds. */
  staleTemporaryMs: 60 * 60 * 1000,
  /** Characters of a new producer id: 36^10 is 3.6e15, so a million producers collide with 1 chance in 7,000. */
  producerIdLength: 10,
} as const;
