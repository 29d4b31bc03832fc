import { type FileSystem, holdSocket, socketName } from "@prodigy-events/storage";

/**
 * Lets one process of a machine bring a directory in order at a time, so that of many loggers that start at once in the
 * job of a dead one each does not compress what it left. It saves work and protects nothing: the kernel takes the turn
 * back from who ends, and where there are no abstract sockets, or in another network namespace, everybody has it.
 *
 * @returns false, without having called `work`, when somebody else has the turn
 */
export async function inTurn(directory: string, fs: FileSystem, work: () => Promise<void>): Promise<boolean> {
  const socket = await holdSocket(socketName("recovery", await fs.realpath(directory)));
  if (socket === "taken") return false;
  try {
    await work();
    return true;
  } finally {
    await socket?.release();
  }
}
