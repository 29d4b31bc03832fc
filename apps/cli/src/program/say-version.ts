import { writeSync } from "node:fs";

/**
 * Answers a command line that asks for the version and nothing else, for which the program need not be loaded. False
 * for any other, and where the answer cannot be written: the program then does the same, and tells of it as it does
 * of everything.
 */
export function saidVersion(words: readonly string[], version: string): boolean {
  if (words.length !== 1 || (words[0] !== "--version" && words[0] !== "-V")) return false;
  try {
    writeSync(process.stdout.fd, `${version}\n`);
    return true;
  } catch {
    return false; // a closed pipe, a full disk, or a pipe that does not wait
  }
}
