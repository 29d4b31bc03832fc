import { describeFileError } from "../errors/describe-file-error.js";
import type { ContentPiece, ContentRequest } from "./content.js";

/** The smallest buffer worth allocating, for files that are empty or nearly so but may be growing. */
const minBufferBytes = 4096;

/** The content of an uncompressed file up to where it ends now. Uses two buffers in turn. */
export async function* plainContent(request: ContentRequest): AsyncGenerator<ContentPiece, void> {
  const { fd, path, fs, startOffset, endOffset, chunkBytes } = request;
  const wanted = Math.max(minBufferBytes, Math.min(request.bytes, endOffset) - startOffset + 1);
  const bufferBytes = Math.min(chunkBytes, wanted);
  let [current, other]: [Buffer | undefined, Buffer | undefined] = [undefined, undefined];
  for (let offset = startOffset; offset < endOffset; ) {
    [current, other] = [other ?? Buffer.allocUnsafeSlow(bufferBytes), current];
    const length = Math.min(bufferBytes, endOffset - offset);
    const count = await fs.read(fd, current, 0, length, offset).catch((error: unknown) => {
      throw describeFileError(error, "read", path);
    });
    if (count === 0) return;
    yield { offset, bytes: current.subarray(0, count) };
    offset += count;
  }
}
