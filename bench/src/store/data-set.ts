import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compressStore } from "./compress-store.js";
import { reopenLastSegment } from "./reopen-last-segment.js";
import { type GeneratedStore, generatorVersion, type StoreShape } from "./store-shape.js";
import { writeStore } from "./write-store.js";

/** How a store is left when it has been written. */
export type Finish = "rotated" | "compressed" | "last open";

/** A generated store on disk, and what is known about it. */
export interface DataSet extends GeneratedStore {
  /** Holds `store/`, the root that `--store` takes, and what is noted about it. */
  directory: string;
  root: string;
  finish: Finish;
  /** Absolute paths of the segments. */
  paths: string[];
}

const descriptionName = "data-set.json";

/** The data set in `directory`, if it is whole and made from this shape by this generator. */
export function openDataSet(directory: string, shape: StoreShape, finish: Finish): DataSet | undefined {
  const path = join(directory, descriptionName);
  if (!existsSync(path)) return undefined;
  const noted = JSON.parse(readFileSync(path, "utf8"));
  const isSame =
    noted.generatorVersion === generatorVersion &&
    noted.finish === finish &&
    JSON.stringify(noted.store.shape) === JSON.stringify(shape);
  if (!isSame) return undefined;
  const dataSet = describe(directory, noted.store, finish);
  return dataSet.paths.every((file) => existsSync(file)) ? dataSet : undefined;
}

/** Generates the data set anew, in the place of what is in `directory/store`. */
export async function makeDataSet(directory: string, shape: StoreShape, finish: Finish): Promise<DataSet> {
  const root = join(directory, "store");
  rmSync(join(directory, descriptionName), { force: true });
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const written = await writeStore(root, shape);
  const store =
    finish === "compressed"
      ? await compressStore(root, written)
      : finish === "last open"
        ? await reopenLastSegment(root, written)
        : written;
  writeFileSync(join(directory, descriptionName), JSON.stringify({ generatorVersion, finish, store }));
  return describe(directory, store, finish);
}

function describe(directory: string, store: GeneratedStore, finish: Finish): DataSet {
  const root = join(directory, "store");
  return { ...store, directory, root, finish, paths: store.files.map((file) => join(root, file)) };
}
