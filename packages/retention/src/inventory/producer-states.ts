import {
  type FileSystem,
  type ProcessIdentity,
  type ProducerState,
  producerState,
} from "@prodigy-events/storage";

/** How {@link ProducerStates} finds out who lives. */
export interface ProducerStatesOptions {
  fs: FileSystem;
  self: ProcessIdentity;
  assumeDead: readonly string[];
}

/** The producers of a scope's segments, each looked up once: of thousands of segments most have the same few. */
export class ProducerStates {
  readonly #options: ProducerStatesOptions;
  readonly #states = new Map<string, Promise<ProducerState>>();

  constructor(options: ProducerStatesOptions) {
    this.#options = options;
  }

  of(directory: string, producerId: string): Promise<ProducerState> {
    const key = `${directory}/${producerId}`;
    let state = this.#states.get(key);
    if (state === undefined) {
      state = producerState(directory, producerId, this.#options);
      this.#states.set(key, state);
    }
    return state;
  }
}
