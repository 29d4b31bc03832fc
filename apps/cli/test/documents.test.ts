import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEventLogger } from "@prodigy-events/logger";
import { anEvent } from "@prodigy-events/schema/testing";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

/**
 * Runs what the documents tell a reader to run: every line of an `sh` block that calls our program, in a folder and
 * with a store of its own, and every `ts` block as a program of its own.
 */
const root = fileURLToPath(new URL("../../..", import.meta.url));
const app = join(root, "apps/cli");
const run = promisify(execFile);

/** Lines that are not run here: they install, fetch, need an account, or are what `.ci/run` itself runs. */
const runElsewhere = [/^npm (install|run demo|test\b)/, /^git clone /, /^cd /, /^pnpm /, /^claude /, /^#/];

interface Block {
  document: string;
  line: number;
  text: string;
}

function documents(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /^(node_modules|dist|reports|fixtures|src|test)$/.test(entry.name) ? [] : documents(path);
    return entry.name.endsWith(".md") && entry.name !== "CHANGELOG.md" ? [path] : [];
  });
}

function blocks(language: string): Block[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms");
  return ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
    .concat(["packages", "apps", "examples", "docs", "bench"].flatMap(documents))
    .flatMap((document) => {
      const text = readFileSync(join(root, document), "utf8");
      return [...text.matchAll(fence)].map((match) => ({
        document,
        line: text.slice(0, match.index).split("\n").length + 1,
        text: match[1] as string,
      }));
    });
}

/** The commands of a block, with lines that end in a backslash joined to the next and remarks taken off. */
function commandsOf(block: Block) {
  return block.text
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.replace(/\s+#\s.*$/, "").trim())
    .filter((line) => line !== "" && !runElsewhere.some((pattern) => pattern.test(line)))
    .map((command) => ({ document: block.document, command }));
}

let home: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  home = (await temporaryDirectory()).path;
  const bin = join(home, "bin");
  mkdirSync(bin);
  for (const name of ["prodigy", "prodigy-events"]) symlinkSync(join(app, "dist/main.js"), join(bin, name));
  mkdirSync(join(home, "my-repo"));
  environment = {
    ...process.env,
    HOME: home,
    PRODIGY_HOME: join(home, ".prodigy"),
    PRODIGY_AUTOMATION: "true",
    PATH: `${bin}${delimiter}${process.env.PATH}`,
  };
  const logger = await createEventLogger({
    store: join(home, ".prodigy"),
    repo: "my-repo",
    jobId: "mapreduce-xyz789",
    correlationId: "workflow-abc123",
    fields: { agent_id: "agent-1" },
  });
  for (const type of [
    "job_started",
    "agent_started",
    "agent_progress",
    "agent_failed",
    "agent_completed",
  ] as const) {
    logger.log({ ...anEvent(type), job_id: "mapreduce-xyz789" });
  }
  await logger.shutdown();
});

describe("the commands in the documents", () => {
  it.each(blocks("sh").flatMap(commandsOf))("$document: $command", async ({ document, command }) => {
    const bounded =
      / follow\b/.test(command) && !command.includes("--until-idle")
        ? `${command} --until-idle 300ms`
        : command;
    const cwd = document.startsWith("examples/") ? join(root, dirname(document)) : join(home, "my-repo");
    const options = { cwd, env: environment, timeout: 30_000 };
    await expect(run("bash", ["-c", bounded], options)).resolves.toBeDefined();
  });
});

describe("the programs in the documents", () => {
  it.each(blocks("ts").map((block) => ({ ...block, title: `${block.document}:${block.line}` })))(
    "$title",
    async ({ title, text }) => {
      const folder = join(app, "node_modules/.documents");
      mkdirSync(folder, { recursive: true });
      const program = join(folder, `${title.replaceAll(/\W+/g, "-")}.mjs`);
      const { outputText } = ts.transpileModule(text, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      writeFileSync(program, outputText);
      const options = { cwd: join(home, "my-repo"), env: environment, timeout: 20_000 };
      await expect(run(process.execPath, [program], options)).resolves.toBeDefined();
    },
  );
});
