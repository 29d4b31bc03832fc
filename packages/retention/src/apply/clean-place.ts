/** Where in a directory of segments clean keeps its lock, its log, and files that are not whole yet. */
export const cleanDirectoryName = ".clean";

export const lockName = "lock";
/** Added to a lock's name: the lock on taking that lock over from the dead. */
export const takeoverSuffix = ".takeover";
export const logName = "log";
