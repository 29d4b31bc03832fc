import type { WriterOrder } from "../programs/writer-order.js";

/** A system that refuses to write, and how it is talked round. */
export interface Scene {
  readonly store: string;
  /** Put before the command. */
  readonly wrapper?: readonly string[];
  readonly order?: Partial<WriterOrder>;
  /** Ends the refusal while the writer with this process id runs. */
  heal?(pid: number): Promise<void>;
  /** Takes everything back, also after a failure. */
  release?(): Promise<void>;
}

/** One way in which a system refuses. */
export interface Refusal {
  readonly title: string;
  /** With which flushes are rejected until it is healed; `undefined` when none may be. */
  readonly code: string | undefined;
  /** Problems that must be told. */
  readonly tells: readonly string[];
  /** Makes the scene in a new folder. Throws when it cannot be made here. */
  prepare(folder: string): Promise<Scene>;
}
