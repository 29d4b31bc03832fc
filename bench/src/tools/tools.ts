import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram } from "./find-program.js";
import { npmPeers } from "./npm-peers.js";

/** Where everything is that is run. A peer that is undefined is not installed. */
export interface Tools {
  node: string;
  /** Our program, a script. */
  prodigyEvents: string;
  /** A program of this package, by name. */
  own: (name: string) => string;
  rg: string | undefined;
  jq: string | undefined;
  tail: string | undefined;
  /** The script of an npm peer; undefined when the package it needs is not there. */
  peer: (script: string, packageName: string) => string | undefined;
  /** Name and version of each that is there, ours first. */
  versions: [string, string][];
  missing: string[];
}

/** Finds the tools; npm peers that are missing are installed if `install` says so. */
export function findTools(install: boolean, log: (text: string) => void): Tools {
  const here = dirname(fileURLToPath(import.meta.url));
  const programRoot = dirname(createRequire(import.meta.url).resolve("prodigy-events/package.json"));
  const { bin, version } = JSON.parse(readFileSync(join(programRoot, "package.json"), "utf8"));
  const peers = npmPeers(join(here, "..", "peers"), install, log);
  const [rg, jq, tail] = ["rg", "jq", "tail"].map(findProgram);
  const named = [
    ["ripgrep", rg?.version],
    ["jq", jq?.version],
    ...["@duckdb/node-api", "pino", "winston", "rotating-file-stream"].map((name) => [
      name,
      peers.versions.get(name),
    ]),
  ] as [string, string | undefined][];
  return {
    node: process.execPath,
    prodigyEvents: join(programRoot, bin["prodigy-events"]),
    own: (name) => join(here, `${name}.js`),
    rg: rg?.path,
    jq: jq?.path,
    tail: tail?.path,
    peer: (script, packageName) =>
      peers.versions.has(packageName) ? join(peers.directory, `${script}.mjs`) : undefined,
    versions: [
      ["prodigy-events", version],
      ["Node", process.version],
      ...named.filter((pair): pair is [string, string] => pair[1] !== undefined),
    ],
    missing: named.filter(([, found]) => found === undefined).map(([name]) => name),
  };
}
