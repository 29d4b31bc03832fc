/** In `.clean` of a directory of segments: the lock, and the log that `cleanLogPath` of storage names. */
export const lockName = "lock";
/** Added to a lock's name: the lock on taking that lock over from the dead. */
export const takeoverSuffix = ".takeover";
export const logName = "log";
