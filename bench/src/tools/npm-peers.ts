import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What of the npm peers is there: their directory, and their versions by name. */
export interface NpmPeers {
  directory: string;
  versions: ReadonlyMap<string, string>;
}

/**
 * The peers of `bench/peers/package.json`. They are no part of the workspace, so that nobody who only builds and tests
 * pays for them; what is missing is installed there with npm if `install` says so, and else goes without.
 */
export function npmPeers(directory: string, install: boolean, log: (text: string) => void): NpmPeers {
  const wanted = Object.entries<string>(readJson(join(directory, "package.json")).dependencies);
  const isThere = ([name, version]: readonly [string, string]) =>
    installedVersion(directory, name) === version;
  if (install && !wanted.every(isThere)) {
    log(`npm install in ${directory}: ${wanted.map((pair) => pair.join("@")).join(", ")}`);
    try {
      const options = [
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--ignore-scripts",
        "--loglevel=error",
      ];
      execFileSync("npm", ["install", ...options], {
        cwd: directory,
        stdio: ["ignore", "ignore", "inherit"],
      });
    } catch {
      // npm has said why on stderr.
      log("npm could not install the peers: rows go without those that are missing");
    }
  }
  return { directory, versions: new Map(wanted.filter(isThere)) };
}

function installedVersion(directory: string, name: string): string | undefined {
  const path = join(directory, "node_modules", name, "package.json");
  return existsSync(path) ? readJson(path).version : undefined;
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, "utf8"));
}
