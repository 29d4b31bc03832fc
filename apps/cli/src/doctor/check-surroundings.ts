import { findLocalFiles, type Repository } from "@prodigy-events/storage";
import type { Terminal } from "../terminal/terminal.js";
import { type Finding, ok, warning } from "./finding.js";

const leastNode = [20, 19] as const;

/** The versions of this program and of what it runs on. */
export function checkVersions(version: string, node: string, platform: string): Finding {
  const message = `prodigy-events ${version}, Node.js ${node}, ${platform}`;
  const [major = 0, minor = 0] = node.replace(/^v/, "").split(".").map(Number);
  const isOld = major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]);
  return isOld
    ? warning("versions", message, `install Node.js ${leastNode.join(".")} or newer`)
    : ok("versions", message);
}

/** What the terminal can show. */
export function checkTerminal({ isTerminal, columns, hasColour }: Terminal, env: NodeJS.ProcessEnv): Finding {
  if (!isTerminal)
    return ok("terminal", `output is not a terminal: plain lines, colour ${hasColour ? "on" : "off"}`);
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  const message = `${columns} columns, colour ${hasColour ? "on" : "off"}, locale ${locale || "unset"}`;
  return /^(C|POSIX)?$/i.test(locale)
    ? warning("terminal", message, "if signs look broken, set LANG to a UTF-8 locale or use --ascii")
    : ok("terminal", message);
}

/** Which repository the working directory belongs to. */
export function checkRepository({ name, path }: Repository, storedPath: string | undefined): Finding {
  if (storedPath !== undefined && storedPath !== path) {
    return warning(
      "repository",
      `${name} at ${path}; the store has events of another repository of that name, at ${storedPath}`,
      "both share one directory; give one of them another name with --repo and the logger's option repo",
    );
  }
  return ok("repository", `${name} at ${path}`);
}

/** The local event files that are read together with the store. */
export async function checkLocalFiles(cwd: string): Promise<Finding> {
  const files = await findLocalFiles(cwd);
  return ok(
    "local files",
    files.length === 0 ? "none (.prodigy/events/mapreduce_events.jsonl)" : files.join(", "),
  );
}
