import {
  currentProcessIdentity,
  type ProducerIdentity,
  readProducer,
  registerProducer,
  removeProducer,
  StorageError,
} from "@prodigy-events/storage";
import type { WriterContext } from "./event-writer.js";
import { packageVersion } from "./package-version.js";
import { toWriteError } from "./write-error.js";

/** Leaves word in the job's directory who this producer is, so that others can tell whether it still lives. */
export class ProducerRegistration {
  readonly #context: WriterContext;
  #wasAttempted = false;

  constructor(context: WriterContext) {
    this.#context = context;
  }

  /** Writes the producer file unless it is there already. Safe to repeat. Throws a `WriteError`. */
  async ensure(): Promise<void> {
    const { directory, producerId, fs, clock } = this.#context;
    const startedAt = new Date(clock.now()).toISOString();
    const identity = { ...currentProcessIdentity(), producerId, version: packageVersion, startedAt };
    try {
      if (await this.#isTaken(identity)) return;
      this.#wasAttempted = true;
      await registerProducer(directory, identity, fs);
    } catch (error) {
      throw toWriteError(error, "register the producer in", directory);
    }
  }

  /** True when the file of this very process is there. Removes what an interrupted attempt of ours left. */
  async #isTaken(identity: ProducerIdentity): Promise<boolean> {
    const { directory, producerId, fs } = this.#context;
    try {
      const found = await readProducer(directory, producerId, fs);
      return found !== undefined && isSameProcess(found, identity);
    } catch (error) {
      if (!isDamaged(error) || !this.#wasAttempted) throw error;
      await removeProducer(directory, producerId, fs);
      return false;
    }
  }
}

function isSameProcess(one: ProducerIdentity, other: ProducerIdentity): boolean {
  return (
    one.pid === other.pid &&
    one.processStartTime === other.processStartTime &&
    one.pidNamespace === other.pidNamespace &&
    one.bootId === other.bootId &&
    one.machineId === other.machineId
  );
}

function isDamaged(error: unknown): boolean {
  return error instanceof StorageError && error.code === "PRODUCER_FILE_DAMAGED";
}
