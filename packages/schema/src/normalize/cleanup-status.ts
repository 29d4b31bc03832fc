import { untag } from "./failure-reason.js";

/**
 * Reads the cleanup status of an agent as we write it (text) or as Prodigy's serde does: `"Success"`,
 * `"Skipped"`, `{"Failed":"why"}`, which becomes `failed: why`. Undefined if it is neither.
 */
export function parseCleanupStatus(value: unknown): string | undefined {
  const [name, details] = untag(value);
  if (name === "Success") return "success";
  if (name === "Skipped") return "skipped";
  if (name === "Failed") return typeof details === "string" ? `failed: ${details}` : "failed";
  return typeof value === "string" ? value : undefined;
}
