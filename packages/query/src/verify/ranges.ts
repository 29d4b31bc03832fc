/** Whole numbers from `first` to `last`, both included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** The same numbers as ascending, disjoint ranges that do not touch. */
export function unite(ranges: readonly NumberRange[]): NumberRange[] {
  const united: { first: number; last: number }[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const previous = united.at(-1);
    if (last < first) continue;
    if (previous !== undefined && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else united.push({ first, last });
  }
  return united;
}

/** The numbers of `ranges` that are not in `taken`, as ascending, disjoint ranges that do not touch. */
export function subtract(ranges: readonly NumberRange[], taken: readonly NumberRange[]): NumberRange[] {
  const left: NumberRange[] = [];
  const cuts = unite(taken);
  let next = 0;
  for (const { first, last } of unite(ranges)) {
    let from = first;
    while (next < cuts.length && cuts[next]!.last < from) next++;
    for (let at = next; at < cuts.length && cuts[at]!.first <= last; at++) {
      const cut = cuts[at]!;
      if (cut.first > from) left.push({ first: from, last: cut.first - 1 });
      from = Math.max(from, cut.last + 1);
    }
    if (from <= last) left.push({ first: from, last });
  }
  return left;
}
