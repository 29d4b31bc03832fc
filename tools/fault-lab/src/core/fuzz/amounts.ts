import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliPath } from "../../process/program-path.js";
import type { Random } from "../random.js";
import { mutatedText } from "./mutate.js";

/** Where the program takes a length of time or a size; none of these changes anything. */
const commands = [
  ["clean", "--dry-run", "--all-jobs", "--older-than"],
  ["clean", "--dry-run", "--all-jobs", "--max-size"],
  ["ls", "--max-inflate"],
] as const;

const taken = 0;
const refused = 2;
const longestMs = 30_000;

/** Gives the real program a mutated length of time or size: it takes it, or refuses it in one line that is safe to look at. */
export async function giveMutatedAmount(amounts: readonly string[], random: Random): Promise<void> {
  const text = mutatedText(amounts, random).replaceAll("\0", ""); // which no argument can hold
  const [...words] = random.pick(commands);
  const option = words.pop()!;
  const directory = await mkdtemp(join(tmpdir(), "prodigy-events-fuzz-"));
  try {
    const { status, signal, stderr } = spawnSync(
      process.execPath,
      [cliPath(), ...words, `${option}=${text}`, "--repo", "r", "--store", directory],
      { cwd: directory, encoding: "utf8", timeout: longestMs },
    );
    const said = `${words[0]} ${option}=${JSON.stringify(text)} ended with ${status ?? signal}: ${JSON.stringify(stderr)}`;
    if (status !== taken && status !== refused) throw new Error(said);
    if (status === refused && !/^error: [^\p{Cc}]+\n$/u.test(stderr)) throw new Error(said);
  } finally {
    await rm(directory, { recursive: true });
  }
}
