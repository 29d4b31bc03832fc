import type { Outcome, Outcomes, Promised } from "./row.js";

type Limits = Pick<Promised, "bar" | "aim">;

/** What ours is held against: one contender, or whichever does best of several ways to use the same tool. */
export type Peer = string | { label: string; bestOf: readonly string[] };

const measured = (outcomes: Outcomes, name: string) => {
  const outcome = outcomes.get(name);
  return outcome === undefined || outcome.failure !== undefined ? undefined : outcome;
};

const labelOf = (peer: Peer): string => (typeof peer === "string" ? peer : peer.label);

/** The lowest value among the peers that were measured: all that is compared is time. */
function best(outcomes: Outcomes, peer: Peer, value: (outcome: Outcome) => number | undefined) {
  const names = typeof peer === "string" ? [peer] : peer.bestOf;
  const values = names.flatMap((name) => {
    const outcome = measured(outcomes, name);
    return (outcome && value(outcome)) ?? [];
  });
  return values.length === 0 ? undefined : Math.min(...values);
}

const secondsOf = ({ seconds }: Outcome): number => seconds;

/** The median time of one as a multiple of another's. */
export function timeRatio(ours: string, peer: Peer, limits: Limits): Promised {
  return {
    what: `${ours}, time as a multiple of ${labelOf(peer)}`,
    unit: "×",
    want: "at most",
    ...limits,
    value: (outcomes) => quotient(best(outcomes, ours, secondsOf), best(outcomes, peer, secondsOf)),
  };
}

/** How many times as fast as another. */
export function rateRatio(ours: string, peer: Peer, limits: Limits): Promised {
  return {
    what: `${ours}, rate as a multiple of ${labelOf(peer)}`,
    unit: "×",
    want: "at least",
    ...limits,
    value: (outcomes) => quotient(best(outcomes, peer, secondsOf), best(outcomes, ours, secondsOf)),
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
export function figureRatio(ours: string, peer: Peer, figure: string, limits: Limits): Promised {
  const ownFigure = ({ figures }: Outcome) => figures[figure];
  return {
    what: `${ours}, ${figure} as a multiple of ${labelOf(peer)}`,
    unit: "×",
    want: "at most",
    ...limits,
    value: (outcomes) => quotient(best(outcomes, ours, ownFigure), best(outcomes, peer, ownFigure)),
  };
}

function quotient(dividend: number | undefined, divisor: number | undefined): number | undefined {
  return dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
}
