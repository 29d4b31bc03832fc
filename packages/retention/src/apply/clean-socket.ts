import {
  describeFileError,
  type FileSystem,
  type HeldSocket,
  holdSocket,
  socketName,
} from "@prodigy-events/storage";
import { RetentionError } from "../errors.js";
import { findSocketHolder, type SocketHolder } from "./socket-holder.js";

/**
 * Keeps two cleans of one network namespace out of the same places: an abstract unix socket (unix(7)) per place, which
 * the kernel gives to one process and takes back when that ends, however it ends. Between network namespaces and
 * hosts, and on systems without such sockets, {@link CleanLock} does this alone.
 */
export class CleanSockets {
  readonly #held: readonly HeldSocket[];

  private constructor(held: readonly HeldSocket[]) {
    this.#held = held;
  }

  /**
   * Takes the sockets of all places, or none.
   *
   * @param places directories that exist
   * @throws RetentionError `LOCKED` when another process listens on one of them. Whether that is a clean or somebody
   *   who squats on the name, which anyone may, cannot be told; so nothing breaks this lock but the end of its holder
   */
  static async acquire(places: Iterable<string>, fs: FileSystem): Promise<CleanSockets> {
    const sockets = new Map<string, string>();
    for (const place of places) sockets.set(socketName("clean", await realPathOf(place, fs)), place);
    const held: HeldSocket[] = [];
    try {
      // In one order for everybody, so that of two who want the same places one gets all of them.
      for (const [name, place] of [...sockets].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const socket = await holdSocket(name);
        if (socket === "taken") throw occupied(name, place, await findSocketHolder(name));
        // Where there are no sockets, as in some sandboxes, the lock file is there all the same.
        if (socket !== undefined) held.push(socket);
      }
      return new CleanSockets(held);
    } catch (error) {
      await releaseAll(held);
      throw error;
    }
  }

  async release(): Promise<void> {
    await releaseAll(this.#held);
  }
}

async function releaseAll(held: readonly HeldSocket[]): Promise<void> {
  for (const socket of held) await socket.release();
}

async function realPathOf(place: string, fs: FileSystem): Promise<string> {
  return fs.realpath(place).catch((error: unknown) => {
    throw describeFileError(error, "resolve", place);
  });
}

function occupied(name: string, place: string, holder: SocketHolder | undefined): RetentionError {
  const socket = name.replaceAll("\0", "@").replace(/\.+$/, "");
  const isOurs = holder !== undefined && holder.uid === process.getuid?.();
  const message = isOurs
    ? `process ${holder.pid} is cleaning or restoring in ${place} (it holds ${socket}); wait until it has ended, or end it`
    : `${holder === undefined ? "a process of another user" : `process ${holder.pid} of user ${holder.uid}`} holds ${socket}, the lock of ${place}; nothing was changed. Logging goes on; have that process ended ('ss -xlp' lists it) and run this again`;
  return new RetentionError("LOCKED", message, { path: place });
}
