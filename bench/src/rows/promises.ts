import type { Outcomes, Promised } from "./row.js";

type Limits = Pick<Promised, "bar" | "aim">;

const measured = (outcomes: Outcomes, name: string) => {
  const outcome = outcomes.get(name);
  return outcome === undefined || outcome.failure !== undefined ? undefined : outcome;
};

/** The median time of one as a multiple of another's. */
export function timeRatio(ours: string, peer: string, limits: Limits): Promised {
  return {
    what: `${ours}, time as a multiple of ${peer}`,
    unit: "×",
    want: "at most",
    ...limits,
    value: (outcomes) => {
      const [mine, theirs] = [measured(outcomes, ours), measured(outcomes, peer)];
      return mine && theirs && mine.seconds / theirs.seconds;
    },
  };
}

/** How many times as fast as the fastest of the peers that were measured. */
export function rateRatio(ours: string, peers: readonly string[], label: string, limits: Limits): Promised {
  return {
    what: `${ours}, rate as a multiple of ${label}`,
    unit: "×",
    want: "at least",
    ...limits,
    value: (outcomes) => {
      const mine = measured(outcomes, ours);
      const theirs = peers.flatMap((peer) => measured(outcomes, peer)?.seconds ?? []);
      return mine && theirs.length > 0 ? Math.min(...theirs) / mine.seconds : undefined;
    },
  };
}

/** A figure that a program measured by itself. */
export function figureOf(name: string, figure: string, unit: Promised["unit"], limits: Limits): Promised {
  return {
    what: `${name}, ${figure}`,
    unit,
    want: "at most",
    ...limits,
    value: (outcomes) => measured(outcomes, name)?.figures[figure],
  };
}

/** A figure as a multiple of the same of another. */
export function figureRatio(ours: string, peer: string, figure: string, limits: Limits): Promised {
  return {
    what: `${ours}, ${figure} as a multiple of ${peer}`,
    unit: "×",
    want: "at most",
    ...limits,
    value: (outcomes) => {
      const [mine, theirs] = [
        measured(outcomes, ours)?.figures[figure],
        measured(outcomes, peer)?.figures[figure],
      ];
      return mine !== undefined && theirs !== undefined ? mine / theirs : undefined;
    },
  };
}
