import { ChecksumAccumulator, type Checksums, type FileSystem } from "@prodigy-events/storage";
import { wholeContent } from "./whole-content.js";

/** The sums of a file's uncompressed content, in whatever state it is. */
export async function contentSums(path: string, fs: FileSystem): Promise<Checksums> {
  const sums = new ChecksumAccumulator();
  for await (const bytes of wholeContent(path, fs)) sums.update(bytes);
  return sums.finish();
}
