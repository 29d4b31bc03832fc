import type { Durability } from "./durability.js";
import type { EncodedBatch } from "./encoded-batch.js";
import type { EventWriter, WriterContext } from "./event-writer.js";
import { prepareJobDirectory } from "./job-directory.js";
import { ProducerRegistration } from "./producer-registration.js";
import { BackgroundRecovery } from "./recovery/background-recovery.js";
import { SegmentChain } from "./segment-chain.js";
import { SegmentRetirement } from "./segment-retirement.js";
import {
  normalizeSegmentWriterOptions,
  type SegmentWriterOptions,
  type SegmentWriterSettings,
} from "./segment-writer-options.js";
import { SerialTasks } from "./serial-tasks.js";
import { closedError, notOpenError } from "./write-error.js";

/** What a segment writer has done so far. */
export interface SegmentWriterStats {
  /** Records and bytes of confirmed batches. */
  readonly records: number;
  readonly bytes: number;
  /** Segments created, those at exit included. */
  readonly segments: number;
  /** Segments that got their manifest. */
  readonly sealed: number;
  readonly compressed: number;
  /** Segments on their way to being sealed or compressed. */
  readonly retiring: number;
  /** Segments left without a manifest because something went wrong with them. */
  readonly abandoned: number;
}

/** An {@link EventWriter} that writes segments. */
export interface SegmentWriter extends EventWriter {
  stats(): SegmentWriterStats;
}

/**
 * Writes batches to segments of the job's directory, one producer per writer: `write` resolves when the batch
 * is on the disk (`durability: "fsync"`, the default) or in the file (`"flush"`). Segments are rotated by size,
 * and by age where asked for, and compressed in the background; `close()` waits for that. What a crash interrupted in
 * the directory is finished in the background, too; `close()` does not wait for compressions of that.
 *
 * @throws RangeError when a size or age is no number above 0, or `durability` no known word
 */
export function segmentWriter(options: SegmentWriterOptions = {}): SegmentWriter {
  return new SegmentFileWriter(normalizeSegmentWriterOptions(options));
}

/** What exists from the first `open` on, whether or not it succeeded. */
interface OpenState {
  readonly chain: SegmentChain;
  readonly retirement: SegmentRetirement;
  prepare(): Promise<void>;
}

class SegmentFileWriter implements SegmentWriter {
  readonly name = "segment";
  readonly required: boolean;
  readonly durability: Durability;
  readonly #settings: SegmentWriterSettings;
  readonly #tasks = new SerialTasks();
  #state: OpenState | undefined;
  #recovery: BackgroundRecovery | undefined;
  #closing: Promise<void> | undefined;
  #confirmedThrough = -1;
  #records = 0;
  #bytes = 0;

  constructor(settings: SegmentWriterSettings) {
    this.#settings = settings;
    this.required = settings.required;
    this.durability = settings.durability;
  }

  async open(context: WriterContext): Promise<void> {
    this.#state ??= openState(context, this.#settings);
    await this.#state.prepare();
    this.#recovery ??= new BackgroundRecovery(context, this.#settings.compress);
  }

  write(batch: EncodedBatch): Promise<void> {
    return this.#tasks.run(() => this.#write(batch));
  }

  writeSync(batch: EncodedBatch): void {
    if (batch.lastSequence <= this.#confirmedThrough) return;
    if (this.#state === undefined) throw notOpenError(this.name);
    this.#state.chain.appendAtExit(batch);
    this.#confirm(batch);
  }

  /** Nothing is held back: what `write` confirmed is as safe as it gets. */
  async flush(): Promise<void> {}

  close(): Promise<void> {
    this.#recovery?.stopCompressing();
    this.#closing ??= this.#tasks.run(() => this.#close());
    return this.#closing;
  }

  stats(): SegmentWriterStats {
    const { chain, retirement } = this.#state ?? {};
    return {
      records: this.#records,
      bytes: this.#bytes,
      segments: chain?.created ?? 0,
      sealed: retirement?.sealed ?? 0,
      compressed: retirement?.compressed ?? 0,
      retiring: retirement?.pending ?? 0,
      abandoned: chain?.abandoned ?? 0,
    };
  }

  async #write(batch: EncodedBatch): Promise<void> {
    if (batch.lastSequence <= this.#confirmedThrough) return;
    if (this.#closing !== undefined) throw closedError(this.name);
    if (this.#state === undefined) throw notOpenError(this.name);
    const { chain, retirement } = this.#state;
    try {
      await chain.append(batch);
    } catch (error) {
      retirement.holdCompression();
      this.#recovery?.stopCompressing();
      throw error;
    }
    retirement.releaseCompression();
    this.#confirm(batch);
  }

  #confirm(batch: EncodedBatch): void {
    // At exit the same batch may be confirmed by both paths; it counts once.
    if (batch.lastSequence <= this.#confirmedThrough) return;
    this.#confirmedThrough = batch.lastSequence;
    this.#records += batch.count;
    this.#bytes += batch.bytes.length;
  }

  async #close(): Promise<void> {
    await this.#state?.chain.end();
    await this.#state?.retirement.settle();
    await this.#recovery?.end;
  }
}

function openState(context: WriterContext, settings: SegmentWriterSettings): OpenState {
  const { directory, producerId, fs, clock } = context;
  const onWarning: WriterContext["onWarning"] = (warning) => context.onWarning(warning);
  const registration = new ProducerRegistration(context);
  const prepare = async (): Promise<void> => {
    await prepareJobDirectory(context);
    await registration.ensure();
  };
  const retirement = new SegmentRetirement({ directory, fs, clock, compress: settings.compress, onWarning });
  const chain = new SegmentChain({
    directory,
    producerId,
    fs,
    clock,
    settings,
    retirement,
    prepare,
    onWarning,
  });
  return { chain, retirement, prepare };
}
