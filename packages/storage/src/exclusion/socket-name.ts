import { nodeCrypto } from "../files/node-crypto.js";

/** `sun_path` of unix(7), which the name fills with its leading NUL. */
const socketNameBytes = 108;

/**
 * The name of the abstract socket that stands for some work on `realPath`: `prodigy-events-`, the work's name, a hash
 * of the path, and dots. It has the full length a name can have: some versions of Node pad shorter ones with NULs and
 * others do not, and two that differ in this would not exclude each other.
 */
export function socketName(work: "clean" | "recovery", realPath: string): string {
  const hash = nodeCrypto().createHash("sha256").update(realPath).digest("hex").slice(0, 32);
  return `\0prodigy-events-${work}-${hash}`.padEnd(socketNameBytes, ".");
}
