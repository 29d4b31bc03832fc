import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  producerPath,
  producersDirectoryName,
  readProducer,
  registerProducer,
} from "@prodigy-events/storage";
import { deadIdentity, quickFileSystem } from "../test-records.js";

/** Lets the producers of a real directory be processes that are gone. Files that the crash tore stay as they are. */
export async function letProducersDie(directory: string): Promise<void> {
  const names = await readdir(join(directory, producersDirectoryName)).catch(() => []);
  for (const producerId of names.map((name) => name.replace(/\.json$/, ""))) {
    const identity = await readProducer(directory, producerId).catch(() => undefined);
    if (identity === undefined) continue;
    await unlink(producerPath(directory, producerId));
    await registerProducer(directory, deadIdentity(producerId), quickFileSystem);
  }
}
