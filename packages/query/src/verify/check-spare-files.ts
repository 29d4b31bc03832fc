import { join } from "node:path";
import {
  ChecksumAccumulator,
  errnoOf,
  type LineProblem,
  readContent,
  StorageError,
} from "@prodigy-events/storage";
import type { SourceSegment } from "../source/source-segment.js";
import type { DirectorySurvey } from "./survey-directory.js";
import type { VerifyContext } from "./verify-context.js";
import type { VerifiedSegment } from "./verify-segment.js";

/**
 * Tells of files that are other states of a segment. All hold the same content, or something is wrong; that takes
 * reading them, which is done when `deep`.
 */
export async function checkSpareFiles(
  { segment, path }: SourceSegment,
  { checksums, fitsManifest }: VerifiedSegment,
  { files }: DirectorySurvey,
  context: VerifyContext,
): Promise<void> {
  const { findings } = context;
  for (const fileName of files.get(segment.logicalName) ?? []) {
    const otherPath = join(segment.directory, fileName);
    if (otherPath === segment.path) continue;
    const sha256 = context.deep ? await contentSha256(otherPath, context) : checksums.sha256;
    if (sha256 === "gone") continue;
    if (sha256 === checksums.sha256) {
      const compared = context.deep ? "with the same content" : "not compared: verify --deep does that";
      const message = `it is there in a second state, ${fileName}, ${compared}; as after a crash while it was compressed`;
      findings.add("spare_copy", path, message, { otherPath });
    } else {
      const which = fitsManifest ? "; the former is what its manifest says" : "";
      const message = `it is there in a second state, ${fileName}, with other content${which}`;
      findings.add("states_differ", path, message, { otherPath });
    }
  }
}

/** `"gone"` for a file that is not there any more, `undefined` for one whose content cannot be read. */
async function contentSha256(path: string, { fs, signal }: VerifyContext): Promise<string | undefined> {
  const sums = new ChecksumAccumulator();
  let damage: LineProblem | undefined;
  const onProblem = (problem: LineProblem) => {
    damage ??= problem;
  };
  try {
    for await (const { bytes } of readContent(path, { fs, onProblem, ...(signal ? { signal } : {}) }))
      sums.update(bytes);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return errnoOf(error) === "ENOENT" ? "gone" : undefined;
  }
  return damage === undefined ? sums.finish().sha256 : undefined;
}
