import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planClean } from "./support/clean.js";
import { expectRemoval } from "./support/oracle.js";
import { type RandomFile, randomFiles, writeFiles } from "./support/random-store.js";
import { hourMs, TestStore } from "./support/test-store.js";

/** Few small files of one form, so that each limit meets something to cut in nearly every store. */
const smallStores = (forms: readonly RandomFile["form"][]) =>
  randomFiles.map((files) =>
    files.slice(0, 4).map((file, index) => ({
      ...file,
      form: forms[index % forms.length]!,
      isRecent: false,
      lines: file.lines.filter(({ kind }) => kind === "record" || kind === "copy").slice(0, 6),
      tornTail: false,
    })),
  );

/** Well spread over what a small store holds. */
const limits = fc.oneof(
  fc.record({ olderThanMs: fc.integer({ min: 1, max: 13 }).map((hours) => hours * hourMs) }),
  fc.record({ maxEvents: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ maxBytes: fc.integer({ min: 1, max: 4_000 }) }),
);

describe("of a small store", () => {
  it.each([[["plain", "rotated"]], [["gz"]], [["gz", "plain"]]] as const)(
    "the plan takes as many records as sorting everything says: %j",
    async (forms) => {
      await fc.assert(
        fc.asyncProperty(
          smallStores(forms),
          limits,
          fc.constantFrom(undefined, ["job-1"]),
          async (files, policy, jobIds) => {
            const store = await TestStore.create();
            const expected = await expectRemoval(await writeFiles(store, files), policy, jobIds);
            const scope = { local: true, ...(jobIds === undefined ? {} : { jobIds }) };
            const plan = await planClean(store, policy, scope);
            expect(plan.totals.removed.records).toBe(expected.removed.length);
          },
        ),
        { numRuns: 20 },
      );
    },
  );
});
