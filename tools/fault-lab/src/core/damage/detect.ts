import { type FileSystem, readManifest, StorageError, verifyAgainstManifest } from "@prodigy-events/storage";
import type { DamageFixture } from "./fixture.js";

/** Says whether a verification of the store finds anything wrong with it. */
export type Detect = (fixture: DamageFixture, fs: FileSystem) => Promise<boolean>;

/** Asks the storage package: the manifest must be sealed, and the segment what it states. */
export const detectByStorage: Detect = async ({ directory, segment, segmentPath }, fs) => {
  try {
    const manifest = await readManifest(directory, segment, fs);
    return manifest === undefined || !(await verifyAgainstManifest(segmentPath, manifest, fs)).intact;
  } catch (error) {
    if (error instanceof StorageError) return true;
    throw error;
  }
};
