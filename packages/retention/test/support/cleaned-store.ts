import { fakeClock } from "@prodigy-events/test-kit";
import { type RestoreOptions, restoreArchive } from "../../src/index.js";
import { applyPlan, planClean } from "./clean.js";
import { linesOf } from "./lines.js";
import { hourMs, nowMs, quickFileSystem, TestStore } from "./test-store.js";

/** The logical name of the segment that goes whole. */
export const segmentName = "events-20260601_070000_000-aaaa.jsonl";
/** The lines of the segment that goes whole. */
export const whole = linesOf("aaaa", [9, 8]);
/** The lines of the segment that keeps its last one. */
export const cut = linesOf("bbbb", [9, 8, 1]);

/** A store with a segment that was archived whole, one of which a part was, and all lines that there ever were. */
export async function cleanedStore(): Promise<{ store: TestStore; all: string[] }> {
  const store = await TestStore.create();
  await store.segment({ producerId: "aaaa", form: "gz", sealed: true, content: whole.join("") });
  await store.segment({ producerId: "bbbb", content: cut.join("") });
  await applyPlan(await planClean(store, { olderThanMs: 3 * hourMs, archive: { directory: store.archive } }));
  return { store, all: [...whole, ...cut].sort() };
}

/** Restores with a quick disk and a clock that stands still. */
export function restore(store: TestStore, options: Partial<RestoreOptions> = {}) {
  return restoreArchive({
    root: store.root,
    archiveDirectory: store.archive,
    clock: fakeClock(nowMs),
    fs: quickFileSystem,
    ...options,
  });
}
