/** Numbers that look random and are the same for the same seed, so that a failure can be run again. */
export interface Chance {
  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number;
}

/** Multiplier and increment of a linear congruential generator with full period over 2^32 (Numerical Recipes). */
const multiplier = 1_664_525;
const increment = 1_013_904_223;
const modulus = 2 ** 32;

/** @param seed any whole number */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, multiplier) + increment) >>> 0;
    return state / modulus;
  };
  next();
  return { below: (bound) => Math.floor(next() * bound) };
}
