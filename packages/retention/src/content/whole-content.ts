import { type FileSystem, type LineProblem, readContent, StorageError } from "@prodigy-events/storage";

/**
 * The uncompressed bytes of a file, every one of them, also those that belong to no line: what is kept or archived is
 * copied byte for byte. Bounded memory; each piece is valid until the next is asked for.
 *
 * @throws StorageError when the file cannot be opened, read, or decompressed to its end: a copy with a hole in it
 *   would pass for the whole
 */
export async function* wholeContent(path: string, fs: FileSystem): AsyncGenerator<Buffer, void> {
  let damage: LineProblem | undefined;
  const onProblem = (problem: LineProblem) => {
    damage ??= problem;
  };
  for await (const { bytes } of readContent(path, { fs, onProblem })) {
    if (damage === undefined) yield bytes;
  }
  if (damage === undefined) return;
  const message = `cannot decompress ${path}: ${damage.message}`;
  throw new StorageError("VERIFICATION_FAILED", message, { path });
}
