import { type EncodedBatch, type EventWriter, WriteError, type WriterContext } from "@prodigy-events/writer";

/** A writer that keeps nothing more once it is revoked: what was reported as not written stays so. */
export class RevocableWriter implements EventWriter {
  readonly name: string;
  readonly #writer: EventWriter;
  #isRevoked = false;

  constructor(writer: EventWriter) {
    this.name = writer.name;
    this.#writer = writer;
  }

  /** Refuses every batch from now on, for good. One that is being written is not stopped. */
  revoke(): void {
    this.#isRevoked = true;
  }

  async open(context: WriterContext): Promise<void> {
    await this.#writer.open?.(context);
  }

  async write(batch: EncodedBatch): Promise<void> {
    this.#requireValid();
    await this.#writer.write(batch);
  }

  writeSync(batch: EncodedBatch): void {
    this.#requireValid();
    this.#writer.writeSync?.(batch);
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  #requireValid(): void {
    if (!this.#isRevoked) return;
    throw new WriteError(`the ${this.name} writer was revoked`, { code: "REVOKED", retryable: false });
  }
}
