import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** The path of a built program of this package, whether this file runs built or from its source. */
export function programPath(name: string): string {
  return join(dirname(require.resolve("@prodigy-events/fault-lab/package.json")), "dist", "programs", name);
}

/** The path of the real command-line program. */
export function cliPath(): string {
  return join(dirname(require.resolve("prodigy-events/package.json")), "dist", "main.js");
}
