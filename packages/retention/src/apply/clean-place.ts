/** Where in a directory of segments clean keeps its lock, its log, and files that are not whole yet. */
export const cleanDirectoryName = ".clean";

export const lockName = "lock";
export const logName = "log";
