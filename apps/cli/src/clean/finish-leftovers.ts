import type { RetentionPlan } from "@prodigy-events/retention";
import { plural } from "../output/count-text.js";
import type { Context } from "../program/context.js";

/**
 * Finishes in the directories of a plan what killed writers left half way, as the next logger in each would: a job that is
 * over may never have one. Does not compress: whether the job wanted that is written nowhere.
 */
export async function finishLeftovers(plan: RetentionPlan, { messages }: Context): Promise<void> {
  const { recoverDirectory } = await import("@prodigy-events/writer");
  const done = { sealed: 0, renamed: 0, spare: 0, temporary: 0 };
  for (const directory of new Set(plan.segments.map((segment) => segment.directory))) {
    const report = await recoverDirectory(directory, {
      onWarning: ({ code, message }) => {
        if (code === "RECOVERY_POSTPONED") messages.warn(message);
      },
    });
    done.sealed += report.sealed.length;
    done.renamed += report.renamed.length;
    done.spare += report.plainRemoved.length;
    done.temporary += report.temporariesRemoved.length;
  }
  const parts = [
    [done.sealed, plural(done.sealed, "segment given its manifest", "segments given their manifests")],
    [done.renamed, plural(done.renamed, "segment renamed", "segments renamed")],
    [done.spare, plural(done.spare, "spare copy removed", "spare copies removed")],
    [done.temporary, plural(done.temporary, "temporary file removed", "temporary files removed")],
  ] as const;
  const texts = parts.filter(([count]) => count > 0).map(([, text]) => text);
  if (texts.length > 0) messages.note(`finished what killed writers left: ${texts.join(", ")}`);
}
