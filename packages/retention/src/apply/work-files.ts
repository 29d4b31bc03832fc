import { type FileSystem, removeQuietly } from "@prodigy-events/storage";
import { ContentFile } from "../content/content-file.js";
import { workPath } from "./clean-directory.js";

/** The files that an action makes on the way, all in `.clean`, which readers skip; what is left is removed at the end. */
export class WorkFiles {
  readonly #directory: string;
  readonly #fs: FileSystem;
  readonly #files: ContentFile[] = [];
  readonly #paths: string[] = [];

  constructor(directory: string, fs: FileSystem) {
    this.#directory = directory;
    this.#fs = fs;
  }

  /** A new file to write to. */
  async create(name: string): Promise<ContentFile> {
    const file = await ContentFile.create(workPath(this.#directory, name), this.#fs);
    this.#files.push(file);
    return file;
  }

  /** A path for a file that somebody else makes. */
  reserve(name: string): string {
    const path = workPath(this.#directory, name);
    this.#paths.push(path);
    return path;
  }

  /** Closes and removes what is still there under its working name. */
  async discard(): Promise<void> {
    for (const file of this.#files) await file.discard();
    for (const path of this.#paths) await removeQuietly(path, this.#fs);
  }
}
