import { renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { removeManifest } from "@prodigy-events/storage";
import type { GeneratedStore } from "./store-shape.js";

/** Makes the last segment one that is still written to: without `.rotated` and without a manifest. */
export async function reopenLastSegment(root: string, store: GeneratedStore): Promise<GeneratedStore> {
  const last = store.files.at(-1);
  if (last === undefined) return store;
  const open = last.replace(/\.rotated$/, "");
  renameSync(join(root, last), join(root, open));
  await removeManifest(join(root, dirname(last)), basename(open));
  return { ...store, files: [...store.files.slice(0, -1), open] };
}
