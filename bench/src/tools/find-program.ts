import { execFileSync } from "node:child_process";

/** A program of the system and what it says of its version. */
export interface Program {
  path: string;
  version: string;
}

/** Finds a program on the path; undefined when it is not installed. */
export function findProgram(name: string): Program | undefined {
  try {
    const path = execFileSync("which", [name], { encoding: "utf8" }).trim();
    const version = execFileSync(path, ["--version"], { encoding: "utf8" }).split("\n")[0] ?? "";
    return { path, version: /\d[\w.]*/.exec(version)?.[0] ?? "" };
  } catch {
    // Not installed, or it does not run: the rows go without this tool.
    return undefined;
  }
}
