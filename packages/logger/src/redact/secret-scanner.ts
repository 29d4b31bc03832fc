import { limits } from "../limits.js";
import type { RedactionOptions } from "./redaction-options.js";
import { RedactionRules, usualRules } from "./redaction-rules.js";
import { isJson, type ReplacedSecret, SecretSearch } from "./secret-search.js";

/** A secret that was found in a text. Nothing in it shows the secret. */
export interface SecretFinding {
  /** `github-token`, `password`, `url-credentials` …; `not-searched` for what is nested too deep to be searched. */
  readonly kind: string;
  /** The field (`event.parameters.command`); empty when the text is no JSON. */
  readonly path: string;
  /** Some of the text around it, with every secret replaced by its mark. */
  readonly preview: string;
}

/** Finds secrets in lines that are there already. */
export interface SecretScanner {
  /**
   * The secrets of one line: of its strings and keys when it is JSON, else of its text as it stands and of whatever
   * strings can be made out in it. Never throws; takes linear time.
   */
  scan(line: string): SecretFinding[];
}

/**
 * Makes a scanner that finds what a logger with these options would have replaced.
 *
 * @throws LoggerOptionsError when an option cannot be used
 *
 * @example
 * const [finding] = createSecretScanner().scan('{"event":{"event_type":"x","api_key":"0123456789"}}');
 * // finding: { kind: "api-key", path: "event.api_key", preview: "[REDACTED:api-key]" }
 */
export function createSecretScanner(options?: RedactionOptions): SecretScanner {
  const rules = options === undefined ? usualRules() : new RedactionRules(options);
  const search = new SecretSearch(rules);
  return {
    scan(line) {
      if (!rules.isSuspicious(line)) return [];
      const found: ReplacedSecret[] = [];
      const sink = (secret: ReplacedSecret): void => void found.push(secret);
      const rest = search.rewriteJson(line, sink);
      // What stands in no string that could be made out: a line that is cut off, or no JSON at all.
      if (!isJson(line)) search.rewriteText(rest, sink);
      return found.map(findingOf);
    },
  };
}

function findingOf({ kind, path, replaced, markAt }: ReplacedSecret): SecretFinding {
  const from = Math.max(0, markAt - limits.previewBefore);
  const to = markAt + limits.previewAfter;
  const preview = `${from > 0 ? "…" : ""}${replaced.slice(from, to)}${to < replaced.length ? "…" : ""}`;
  return { kind, path, preview };
}
