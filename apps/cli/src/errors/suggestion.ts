/**
 * The candidate that `word` was most likely meant to be, or undefined when none is near: a unique
 * completion of it, or at most one edit per three characters (a swap of neighbours is one edit).
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted.length < 2) return undefined;
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = allowed + 1;
  const completions: string[] = [];
  for (const candidate of candidates) {
    const lowered = candidate.toLowerCase();
    if (lowered.startsWith(wanted)) completions.push(candidate);
    if (Math.abs(lowered.length - wanted.length) > allowed) continue;
    const distance = editDistance(wanted, lowered);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? (completions.length === 1 ? completions[0] : undefined);
}

/** `; did you mean agent_failed?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>, prefix = ""): string {
  const candidate = closest(word, candidates);
  return candidate === undefined ? "" : `; did you mean ${prefix}${candidate}?`;
}

/** Edits (insert, delete, replace, swap of two neighbours) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min(replaced, last[column]! + 1, current[column - 1]! + 1);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
