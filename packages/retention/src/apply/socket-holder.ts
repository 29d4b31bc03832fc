import { readdir, readFile, readlink, stat } from "node:fs/promises";

/** A process that holds a socket. */
export interface SocketHolder {
  pid: number;
  uid: number;
}

/**
 * Who listens on an abstract socket, as far as we may look: the processes of other users show their descriptors to
 * root alone. For a message, so whatever cannot be read is no error.
 *
 * @param name as given to `listen`, with the leading NUL
 */
export async function findSocketHolder(name: string): Promise<SocketHolder | undefined> {
  const inodes = socketInodes(await readFile("/proc/net/unix", "latin1").catch(() => ""), name);
  if (inodes.size === 0) return undefined;
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const entry of await namesIn("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    for (const fd of await namesIn(`/proc/${entry}/fd`)) {
      if (!links.has(await readlink(`/proc/${entry}/fd/${fd}`).catch(() => ""))) continue;
      const uid = await stat(`/proc/${entry}`).then(
        (stats) => stats.uid,
        () => undefined, // ended meanwhile
      );
      if (uid !== undefined) return { pid: Number(entry), uid };
    }
  }
  return undefined;
}

/**
 * The inodes that `/proc/net/unix` (proc(5)) lists under a name: `Num RefCount Protocol Flags Type St Inode Path`,
 * the NUL of an abstract name shown as `@`.
 */
export function socketInodes(table: string, name: string): Set<string> {
  const shown = name.replaceAll("\0", "@");
  const inodes = new Set<string>();
  for (const row of table.split("\n")) {
    const columns = row.split(/\s+/);
    if (columns[7] === shown && columns[6] !== undefined) inodes.add(columns[6]);
  }
  return inodes;
}

async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => []); // of another user, or gone
}
