import {
  ChecksumAccumulator,
  type Checksums,
  createPrivateFile,
  type FileSystem,
  removeQuietly,
  syncFile,
  writeFully,
} from "@prodigy-events/storage";

/** A new file that is written from start to end and summed up on the way. */
export class ContentFile {
  readonly path: string;
  readonly #fd: number;
  readonly #fs: FileSystem;
  readonly #sums = new ChecksumAccumulator();
  #isOpen = true;

  private constructor(path: string, fd: number, fs: FileSystem) {
    this.path = path;
    this.#fd = fd;
    this.#fs = fs;
  }

  /** Creates the file, which must not exist, with mode 0600. */
  static async create(path: string, fs: FileSystem): Promise<ContentFile> {
    return new ContentFile(path, await createPrivateFile(path, fs), fs);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await writeFully(this.#fd, bytes, this.path, this.#fs);
    this.#sums.update(bytes);
  }

  /** Makes the file durable and returns the sums of what was written. */
  async finish(): Promise<Checksums> {
    await syncFile(this.#fd, this.path, this.#fs);
    await this.#close();
    return this.#sums.finish();
  }

  /** Closes and removes the file. Does nothing to one that has been renamed. */
  async discard(): Promise<void> {
    await this.#close();
    await removeQuietly(this.path, this.#fs);
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#fs.close(this.#fd);
  }
}
