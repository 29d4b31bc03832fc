import { join } from "node:path";
import {
  compressSegment,
  errnoOf,
  type FileSystem,
  type Manifest,
  removeQuietly,
  syncDirectory,
  writeManifest,
} from "@prodigy-events/storage";
import type { SegmentIdentity, SegmentStatement } from "./segment-statement.js";

/** A segment that gets no more records. */
export interface FinishedSegment {
  readonly identity: SegmentIdentity;
  readonly path: string;
  readonly statement: SegmentStatement;
  /** Makes the content durable and closes the descriptor; called once. */
  finish(): Promise<void>;
}

/**
 * How far a segment is on its way; files are readable in every state. `unsealed`: its content could not be made
 * durable, so nothing is stated about it and it stays as it is.
 */
export type RetirementState =
  | "open"
  | "unsealed"
  | "durable"
  | "stated"
  | "renamed"
  | "sealed"
  | "verified"
  | "compressed";

/**
 * Takes a finished segment through its last states, in the order that leaves one readable copy whatever
 * interrupts it: durable and closed → manifest → renamed to `.rotated` → directory synced → `.rotated.gz`
 * verified → plain file removed. A step that failed is repeated by the next call; done ones are not.
 */
export class RetiringSegment {
  readonly path: string;
  /** Whether the segment was rotated; the last one of a clean end keeps its name. */
  readonly isRotated: boolean;
  readonly #segment: FinishedSegment;
  readonly #directory: string;
  readonly #fs: FileSystem;
  #manifest: Manifest | undefined;
  #state: RetirementState = "open";
  #triedToRemovePlain = false;

  constructor(segment: FinishedSegment, directory: string, fs: FileSystem, isRotated: boolean) {
    this.path = segment.path;
    this.isRotated = isRotated;
    this.#segment = segment;
    this.#directory = directory;
    this.#fs = fs;
  }

  get state(): RetirementState {
    return this.#state;
  }

  /** Goes on to `sealed`. */
  async seal(nowMs: number): Promise<void> {
    if (this.#state === "open") {
      this.#state = "unsealed";
      await this.#segment.finish();
      this.#state = "durable";
    }
    if (this.#state === "durable") {
      this.#manifest ??= this.#segment.statement.finish(nowMs);
      await writeManifest(this.#directory, this.#manifest, this.#fs);
      this.#state = "stated";
    }
    if (this.#state === "stated") {
      if (this.isRotated) await this.#fs.rename(this.path, this.#rotatedPath);
      this.#state = "renamed";
    }
    if (this.#state === "renamed") {
      await syncDirectory(this.#directory, this.#fs);
      this.#state = "sealed";
    }
  }

  /** Goes on from `sealed` to `compressed`. */
  async compress(): Promise<void> {
    if (this.#state === "sealed" && this.#manifest !== undefined) {
      const target = `${this.#rotatedPath}.gz`;
      await compressSegment(this.#rotatedPath, target, { fs: this.#fs, manifest: this.#manifest });
      this.#state = "verified";
    }
    if (this.#state === "verified") {
      await this.#removePlain();
      await syncDirectory(this.#directory, this.#fs);
      this.#state = "compressed";
    }
  }

  /**
   * When the plain file is gone before we first try to remove it, somebody else took it away while it was compressed:
   * a clean has archived or deleted its records, and the compressed file would bring them back. After an attempt of
   * ours that failed, a missing file may be our own doing, and the compressed one all there is.
   */
  async #removePlain(): Promise<void> {
    const isFirstAttempt = !this.#triedToRemovePlain;
    this.#triedToRemovePlain = true;
    try {
      await this.#fs.unlink(this.#rotatedPath);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
      if (isFirstAttempt) await removeQuietly(`${this.#rotatedPath}.gz`, this.#fs);
    }
  }

  get #rotatedPath(): string {
    return join(this.#directory, `${this.#segment.identity.segment}.rotated`);
  }
}
