import { limits } from "../limits.js";
import { pathOf, type StandardIssue, type StandardSchema, validateNow } from "./standard-schema.js";

/**
 * Whether a validator answers with a promise.
 *
 * Many are asynchronous only once a value is well-typed, so an empty object tells little. A value is therefore
 * grown that fits, one complaint at a time: the field that the first issue names gets the first candidate with
 * which that issue goes away. What this does not find, such as what lies behind a choice of texts, shows itself at
 * the first event.
 */
export function isAsynchronous(schema: StandardSchema): boolean {
  const probe: Record<string, unknown> = {};
  const triedFor = new Set<string>();
  let calls = 0;
  let issues = ask();
  while (issues !== "promise") {
    const path = issues.map(pathOf).find((path) => path.length > 0 && !triedFor.has(textOf(path)));
    if (path === undefined) return false;
    triedFor.add(textOf(path));
    for (const candidate of candidates()) {
      set(probe, path, candidate);
      issues = ask();
      if (issues === "promise" || !issues.some((issue) => textOf(pathOf(issue)) === textOf(path))) break;
    }
  }
  return true;

  function ask(): readonly StandardIssue[] | "promise" {
    if (++calls > limits.maxProbeCalls) return [];
    try {
      return validateNow(schema, probe);
    } catch {
      // A validator that throws on a probe is not shown to be asynchronous; if it throws on events, they say so.
      return [];
    }
  }
}

/** What a field may want, in the order in which it is tried; made anew, since lists and objects get fields. */
function candidates(): unknown[] {
  return [
    "text",
    1,
    true,
    [],
    {},
    null,
    100,
    0,
    "2026-01-01T12:00:00.000Z",
    "2026-01-01",
    "name@host.example",
    "https://host.example/",
    "019b796d-d600-7000-8000-000000000000",
  ];
}

/** Sets a field at the end of a path, if the path leads through objects; `__proto__` is a name like any other. */
function set(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let parent: unknown = target;
  for (const key of path.slice(0, -1)) parent = ownField(parent, key);
  if (typeof parent !== "object" || parent === null) return;
  Object.defineProperty(parent, path.at(-1) as string, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function ownField(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function textOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
