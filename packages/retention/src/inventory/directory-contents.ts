import { join } from "node:path";
import { type FileSystem, parseSegmentName } from "@prodigy-events/storage";
import { namesIn } from "../content/names-in.js";

interface Listing {
  /** Paths of the files of each logical segment, in whatever states. */
  statesByLogicalName: ReadonlyMap<string, readonly string[]>;
  /** Paths of everything that is neither a segment nor hidden. */
  others: readonly string[];
}

/** What is in the directories of a scope, each listed once. */
export class DirectoryContents {
  readonly #fs: FileSystem;
  readonly #listings = new Map<string, Promise<Listing>>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** Paths of all files that stand for a logical segment. */
  async statesOf(directory: string, logicalName: string): Promise<readonly string[]> {
    return (await this.#listingOf(directory)).statesByLogicalName.get(logicalName) ?? [];
  }

  /** Paths of the files in a directory that are not segments; its subdirectories and hidden files left out. */
  async unknownFilesIn(directory: string): Promise<string[]> {
    const files: string[] = [];
    for (const path of (await this.#listingOf(directory)).others) {
      const stats = await this.#fs.lstat(path).catch(() => undefined); // gone meanwhile
      if (stats !== undefined && !stats.isDirectory()) files.push(path);
    }
    return files;
  }

  /** Lists a directory anew when it is next asked for: something in it was renamed. */
  forget(directory: string): void {
    this.#listings.delete(directory);
  }

  #listingOf(directory: string): Promise<Listing> {
    let listing = this.#listings.get(directory);
    if (listing === undefined) {
      listing = this.#list(directory);
      this.#listings.set(directory, listing);
    }
    return listing;
  }

  async #list(directory: string): Promise<Listing> {
    const statesByLogicalName = new Map<string, string[]>();
    const others: string[] = [];
    for (const name of await namesIn(directory, this.#fs)) {
      if (name.startsWith(".")) continue;
      const logicalName = parseSegmentName(name)?.logicalName;
      const states = logicalName === undefined ? others : (statesByLogicalName.get(logicalName) ?? []);
      states.push(join(directory, name));
      if (logicalName !== undefined) statesByLogicalName.set(logicalName, states);
    }
    return { statesByLogicalName, others };
  }
}
