import { join } from "node:path";
import type { PeerName, PeerOrder } from "../programs/peer-order.js";

/** Another logger, seen from its user's side. */
export interface Peer {
  log(line: { n: number; padding: string }): void;
  /** Lines, from the first on, that it has said are written. */
  acknowledged(): number;
  /** Ends it in the way its documentation asks for. */
  close(): Promise<void>;
}

/** A careful user does not let a logger's error end the job. */
function goOn(): void {}

type OpenPeer = (order: PeerOrder) => Promise<Peer>;

const openers: Record<PeerName, OpenPeer> = {
  pino: async ({ directory }) => {
    const { default: pino } = await import("pino");
    // As in its page on asynchronous logging, by way of sonic-boom; without a buffer it does best.
    const destination = pino.destination({ dest: join(directory, "peer.log"), sync: false });
    destination.on("error", goOn);
    const logger = pino(destination);
    return {
      log: (line) => logger.info(line),
      acknowledged: () => 0,
      close: () =>
        new Promise((resolve) => {
          destination.once("close", () => resolve());
          destination.end();
        }),
    };
  },

  "winston-daily-rotate-file": async ({ directory, rotateKiB }) => {
    const { default: winston } = await import("winston");
    const { default: DailyRotateFile } = await import("winston-daily-rotate-file");
    const rotation = rotateKiB === undefined ? {} : { maxSize: `${rotateKiB}k`, zippedArchive: true };
    const transport = new DailyRotateFile({ dirname: directory, filename: "peer-%DATE%.log", ...rotation });
    transport.on("error", goOn);
    let acknowledged = 0;
    transport.on("logged", () => {
      acknowledged += 1;
    });
    const logger = winston.createLogger({ format: winston.format.json(), transports: [transport] });
    return {
      log: (line) => {
        logger.info("line", line);
      },
      acknowledged: () => acknowledged,
      close: () =>
        new Promise((resolve) => {
          transport.once("finish", () => resolve());
          logger.end();
        }),
    };
  },

  "rotating-file-stream": async ({ directory, rotateKiB }) => {
    const { createStream } = await import("rotating-file-stream");
    const rotation = rotateKiB === undefined ? {} : ({ size: `${rotateKiB}K`, compress: "gzip" } as const);
    const stream = createStream(rotatedName, { path: directory, ...rotation });
    stream.on("error", goOn);
    let acknowledged = 0;
    return {
      log: (line) => {
        stream.write(`${JSON.stringify(line)}\n`, (error) => {
          if (!error) acknowledged += 1;
        });
      },
      acknowledged: () => acknowledged,
      close: () => new Promise((resolve) => stream.end(() => resolve())),
    };
  },
};

/** Opens the logger that the order names. */
export function openPeer(order: PeerOrder): Promise<Peer> {
  return openers[order.peer](order);
}

function rotatedName(time: number | Date | null, index?: number): string {
  return time === null ? "peer.log" : `peer-${Number(time)}-${index ?? 0}.log.gz`;
}
