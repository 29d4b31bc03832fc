import type { Command } from "../program/command.js";

/** What is known of a command before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  load(): Promise<Command>;
}

const reading = () => import("./reading-commands.js");
const upkeep = () => import("./upkeep-commands.js");

/** Every command, in the order of the help. */
export const commandEntries: readonly CommandEntry[] = [
  entry("ls", ["list"], "records, one readable line each", async () => (await reading()).ls),
  entry("stats", [], "counts and shares by any field", async () => (await reading()).stats),
  entry("search", [], "records whose text matches a pattern", async () => (await reading()).search),
  entry(
    "follow",
    ["tail"],
    "the latest records, then new ones as they arrive",
    async () => (await reading()).follow,
  ),
  entry("show", [], "one record in full, by its id", async () => (await reading()).show),
  entry("jobs", [], "every job with its state, agents, items and size", async () => (await reading()).jobs),
  entry(
    "export",
    [],
    "records as json, ndjson, csv, tsv or yaml",
    async () => (await reading()).exportRecords,
  ),
  entry(
    "verify",
    [],
    "read everything, and tell what is damaged or missing",
    async () => (await upkeep()).verify,
  ),
  entry(
    "repair",
    [],
    "copy what can be read of a damaged store to a new one",
    async () => (await upkeep()).repair,
  ),
  entry("index", [], "build, check or drop the indexes", async () => (await upkeep()).index),
  entry("scan", [], "secrets in stored events", async () => (await upkeep()).scan),
  entry("clean", [], "remove or archive old records", async () => (await upkeep()).clean),
  entry("restore", [], "bring archived records back", async () => (await upkeep()).restore),
  entry("emit", [], "log one event from a shell script", async () => (await upkeep()).emit),
  entry("schema", [], "the event types and their JSON Schema", async () => (await upkeep()).schema),
  entry("doctor", [], "check the store, and say what to do", async () => (await upkeep()).doctor),
];

function entry(name: string, aliases: string[], summary: string, load: () => Promise<Command>): CommandEntry {
  return { name, aliases, summary, load };
}

/** The command that is called by `name`. */
export function findCommand(name: string): CommandEntry | undefined {
  return commandEntries.find((candidate) => candidate.name === name || candidate.aliases.includes(name));
}
