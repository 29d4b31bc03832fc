import { fileURLToPath } from "node:url";
import { packageTests } from "@prodigy-events/build-config/vitest";
import { BaseSequencer } from "vitest/node";

/**
 * The tests that judge the mutants of a package, in files named from its root.
 *
 * `leaveOut`: those that cannot notice a mutant, because the built program runs in other processes and not the
 * changed source, and those that cost too much per mutant for what they alone notice.
 * `last`: those that take long. A mutant that another test notices never gets to them.
 */
export function mutationTests({ leaveOut = [], last = [] } = {}) {
  const isLast = ({ moduleId }) => last.some((file) => moduleId.endsWith(`/${file}`));

  class ShortTestsFirst extends BaseSequencer {
    async sort(files) {
      return files.toSorted(
        (a, b) => isLast(a) - isLast(b) || (a.moduleId < b.moduleId ? -1 : Number(a.moduleId > b.moduleId)),
      );
    }
  }

  return packageTests({
    lines: 0,
    exclude: ["**/node_modules/**", ...leaveOut],
    reporters: ["dot"],
    outputFile: {},
    sequence: { sequencer: ShortTestsFirst },
    setupFiles: [fileURLToPath(new URL("bound-properties.js", import.meta.url))],
  });
}
