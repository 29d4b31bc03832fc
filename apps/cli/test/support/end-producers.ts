import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  listJobs,
  listRepositories,
  producersDirectoryName,
  readProducer,
  registerProducer,
  removeProducer,
} from "@prodigy-events/storage";

/**
 * Lets the producers of a store have ended, as those of real jobs have when somebody cleans: the loggers of a test are
 * this process, which lives. Their producer files name a process that had our pid before.
 */
export async function endProducers(store: string): Promise<void> {
  for (const repository of await listRepositories(store)) {
    for (const { directory } of await listJobs(store, repository.name)) {
      for (const fileName of await readdir(join(directory, producersDirectoryName))) {
        const producer = (await readProducer(directory, basename(fileName, ".json")))!;
        await removeProducer(directory, producer.producerId);
        await registerProducer(directory, { ...producer, processStartTime: "1" });
      }
    }
  }
}
