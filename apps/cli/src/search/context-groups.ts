import type { Match } from "@prodigy-events/query";
import { agentIdOf, jobIdOf } from "@prodigy-events/schema";

/** Records that belong together on the screen: of one agent, in time order, without a gap. */
export interface ContextGroup {
  readonly matches: readonly Match[];
  /** Which of them matched; the others are context. */
  readonly hits: ReadonlySet<Match>;
}

interface AgentState {
  /** The latest records that no group has taken. */
  before: Match[];
  group: Match[];
  hits: Set<Match>;
  /** How many more records the open group takes. */
  wanted: number;
}

/**
 * Finds the context of every match: the `size` records of the same agent before and after it. `all` are the records
 * under the same filters, `hits` those of them that match, both in the same order. `size` is at least 1. Groups come
 * when they are complete; one that keeps growing is handed out in pieces of about `maxHeld` records.
 */
export async function* groupContext(
  all: AsyncIterable<readonly Match[]>,
  hits: AsyncIterable<readonly Match[]>,
  size: number,
  maxHeld: number,
): AsyncGenerator<ContextGroup> {
  const agents = new Map<string, AgentState>();
  const expected = flatten(hits);
  let next = await expected.next();
  for await (const batch of all) {
    for (const match of batch) {
      const isHit = !next.done && isSame(next.value, match);
      if (isHit) next = await expected.next();
      const state = stateOf(agents, match);
      const done = take(state, match, isHit, size, maxHeld);
      if (done !== undefined) yield done;
    }
  }
  for (const state of agents.values()) {
    if (state.group.length > 0) yield { matches: state.group, hits: state.hits };
  }
}

function take(
  state: AgentState,
  match: Match,
  isHit: boolean,
  size: number,
  maxHeld: number,
): ContextGroup | undefined {
  if (isHit) {
    state.group.push(...state.before, match);
    state.before = [];
    state.hits.add(match);
    state.wanted = size;
    return state.group.length >= maxHeld ? close(state) : undefined;
  }
  if (state.wanted > 0) {
    state.group.push(match);
    state.wanted--;
    return undefined;
  }
  state.before.push(match);
  if (state.before.length <= size) return undefined;
  state.before.shift();
  return state.group.length > 0 ? close(state) : undefined;
}

function close(state: AgentState): ContextGroup {
  const group = { matches: state.group, hits: state.hits };
  state.group = [];
  state.hits = new Set();
  return group;
}

function stateOf(agents: Map<string, AgentState>, match: Match): AgentState {
  const { event } = match.record;
  const key = JSON.stringify([match.jobId ?? jobIdOf(event) ?? null, agentIdOf(event) ?? null]);
  let state = agents.get(key);
  if (state === undefined) {
    state = { before: [], group: [], hits: new Set(), wanted: 0 };
    agents.set(key, state);
  }
  return state;
}

function isSame(a: Match, b: Match): boolean {
  return a.offset === b.offset && a.path === b.path;
}

async function* flatten(batches: AsyncIterable<readonly Match[]>): AsyncGenerator<Match, undefined> {
  for await (const batch of batches) yield* batch;
  return undefined;
}
