import { dirname, resolve } from "node:path";
import { type FollowCursor, parseFollowCursor } from "@prodigy-events/query";
import {
  nodeFileSystem,
  openSealedJson,
  readSmallFile,
  sealJson,
  writeFileDurably,
} from "@prodigy-events/storage";
import { CommandError } from "../errors/command-error.js";
import { limits } from "../limits.js";

/** The file in which a follow notes how far it has come. It is there whole or not at all, and checked when it is read. */
export class CursorFile {
  readonly path: string;

  constructor(path: string, cwd: string) {
    this.path = resolve(cwd, path);
  }

  /**
   * What an earlier follow noted; `undefined` if there is none.
   *
   * @throws CommandError `CURSOR_DAMAGED`; StorageError when it cannot be read
   */
  async read(): Promise<FollowCursor | undefined> {
    const text = await readSmallFile(this.path, limits.maxCursorFileBytes, nodeFileSystem);
    if (text === undefined) return undefined;
    try {
      return parseFollowCursor(openSealedJson(text));
    } catch (error) {
      const message = `${this.path} is damaged, or no cursor file: nobody can tell where to go on; remove it to begin anew, or name another`;
      throw new CommandError("CURSOR_DAMAGED", message, { cause: error });
    }
  }

  /** Puts a cursor in place of the one before. */
  async save(cursor: FollowCursor): Promise<void> {
    await writeFileDurably(this.path, Buffer.from(sealJson(cursor)), nodeFileSystem);
  }

  /** Fails now, and not after an hour, if nothing can be saved here. */
  async requireDirectory(): Promise<void> {
    const directory = dirname(this.path);
    const stats = await nodeFileSystem.stat(directory).catch(() => undefined);
    if (stats?.isDirectory()) return;
    throw new CommandError(
      "NO_DIRECTORY",
      `${directory}, where the cursor is to be saved, is no directory; create it`,
    );
  }
}
