import { unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { compressSegment, readManifest } from "@prodigy-events/storage";
import type { GeneratedStore } from "./store-shape.js";

/** Compresses every segment of a store where it is, as our writer does after rotation. */
export async function compressStore(root: string, store: GeneratedStore): Promise<GeneratedStore> {
  const files: string[] = [];
  for (const file of store.files) {
    const path = join(root, file);
    const manifest = await readManifest(dirname(path), basename(path, ".rotated"));
    await compressSegment(path, `${path}.gz`, manifest === undefined ? {} : { manifest });
    unlinkSync(path);
    files.push(`${file}.gz`);
  }
  return { ...store, files };
}
