import { normalizeEventType } from "@prodigy-events/schema";
import { globTest, isGlob } from "./glob.js";

/** A type as someone typed it (`AgentFailed`), in the spelling of our records. Globs stay as they are. */
export function normalizeTypePattern(pattern: string): string {
  return isGlob(pattern) ? pattern : normalizeEventType(pattern);
}

/**
 * Says whether a type is wanted by `patterns`: its name equals one, or one is a glob over its name. A glob in
 * PascalCase (`Agent*`, `DLQ*`) finds our spelling of the types as well.
 */
export function typeMatcher(patterns: readonly string[]): (eventType: string) => boolean {
  const names = new Set(patterns);
  const globs = patterns.filter(isGlob).flatMap((glob) => [glob, snakeCase(glob)]);
  const tests = [...new Set(globs)].map(globTest);
  return (eventType) => {
    const normalized = normalizeEventType(eventType);
    if (names.has(normalized) || tests.some((takes) => takes(normalized))) return true;
    return normalized !== eventType && tests.some((takes) => takes(eventType));
  };
}

function snakeCase(glob: string): string {
  if (!/\p{Lu}/u.test(glob)) return glob.replace(/^d_l_q_/, "dlq_");
  return glob
    .replaceAll("DLQ", "Dlq")
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .toLowerCase();
}
