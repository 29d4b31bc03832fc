import { defaultBounds, openStore } from "@prodigy-events/query";
import { plural } from "../output/count-text.js";
import { type Finding, ok, warning } from "./finding.js";

/** Which of the segments that are worth it have an index that fits; nothing if there are no such segments. */
export async function checkIndexes(root: string, repo: string): Promise<Finding[]> {
  const store = await openStore({ root, repo, local: false });
  const { segments } = await store.index({ check: "headers" });
  const large = segments.filter(({ storedBytes }) => storedBytes >= defaultBounds.minIndexedBytes);
  if (large.length === 0) return [];
  const damaged = large.filter(({ state }) => state === "damaged" || state === "unreadable");
  if (damaged.length > 0) {
    return [
      warning(
        "index",
        `${plural(damaged.length, "index", "indexes")} cannot be used, such as that of ${damaged[0]!.path}`,
        "nothing is lost, the segments are read instead; `prodigy events index` builds them anew",
      ),
    ];
  }
  const indexed = large.filter(({ state }) => state === "fresh" || state === "grown").length;
  const message = `large segments with an index: ${indexed} of ${large.length}`;
  return [
    ok(
      "index",
      indexed === large.length ? message : `${message}; \`prodigy events index\` builds the others`,
    ),
  ];
}
