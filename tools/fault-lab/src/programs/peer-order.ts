/** Other loggers, each used as its own documentation shows. */
export const peers = ["pino", "winston-daily-rotate-file", "rotating-file-stream"] as const;

export type PeerName = (typeof peers)[number];

/** How the program with another logger ends, once it has logged everything. */
export type PeerEnd = "orderly" | "process.exit" | "throw" | "SIGTERM" | "SIGKILL";

/** What the program with another logger is told to do; passed as JSON. */
export interface PeerOrder {
  readonly peer: PeerName;
  readonly directory: string;
  readonly lines: number;
  /** Lines between two pauses. */
  readonly batchLines: number;
  readonly pauseMs: number;
  /** Rotate at this size and compress; left out: neither. */
  readonly rotateKiB?: number;
  readonly end: PeerEnd;
}
