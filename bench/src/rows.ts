import { readFileSync } from "node:fs";

/** One way to answer the question of a row. */
export interface Contender {
  name: string;
  command: string;
  args: readonly string[];
  /** What of its output must be equal for all contenders of the row. */
  answer: (stdout: string) => string;
}

export interface Row {
  title: string;
  contenders: Contender[];
}

export interface Programs {
  node: string;
  prodigyEvents: string;
  readlinePeer: string;
  jq: string | undefined;
  ripgrep: string | undefined;
}

const lineCount = (path: string) => {
  const bytes = readFileSync(path);
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return String(lines);
};

/** `type=count` pairs in one order, from any of the three spellings the contenders print. */
const countsByType = (path: string) => {
  const counts = new Map<string, number>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const pair = /^\s*(\d+)\s+"?([a-z_]+)"?$/.exec(line) ?? swap(/^"?([a-z_]+)"?,(\d+)/.exec(line));
    if (pair) counts.set(pair[2] as string, (counts.get(pair[2] as string) ?? 0) + Number(pair[1]));
  }
  return [...counts].sort().join(" ");
};

const swap = (match: RegExpExecArray | null) => (match ? [match[0], match[2], match[1]] : null);

/** The questions, each with every tool that is there to answer it. */
export function readRows(programs: Programs, files: readonly string[]): Row[] {
  const ours = (name: string, args: string[], answer: Contender["answer"]): Contender => ({
    name,
    command: programs.node,
    args: [programs.prodigyEvents, ...args, "--file", ...files],
    answer,
  });
  const readline = (operation: string, answer: Contender["answer"]): Contender => ({
    name: "readline + JSON.parse",
    command: programs.node,
    args: [programs.readlinePeer, operation, ...files],
    answer,
  });
  const present = (contender: Contender | false): contender is Contender => contender !== false;
  const jq = (filter: string, answer: Contender["answer"]) =>
    programs.jq !== undefined && { name: "jq", command: programs.jq, args: ["-c", filter, ...files], answer };

  return [
    {
      title: "count by event type",
      contenders: [
        ours("prodigy-events stats", ["stats", "--output-format", "csv"], countsByType),
        readline("count", countsByType),
      ],
    },
    {
      title: "records of failed agents",
      contenders: [
        ours(
          "prodigy-events ls",
          ["ls", "--event-type", "agent_failed", "--output-format", "ndjson"],
          lineCount,
        ),
        readline("failed", lineCount),
        jq('select(.event.event_type == "agent_failed")', lineCount),
      ].filter(present),
    },
    {
      title: "search error|failed",
      contenders: [
        ours("prodigy-events search", ["search", "error|failed", "--output-format", "ndjson"], lineCount),
        readline("search", lineCount),
        programs.ripgrep !== undefined && {
          name: "ripgrep (raw bytes, keys too)",
          command: programs.ripgrep,
          args: ["--no-filename", "--no-line-number", "error|failed", ...files],
          answer: () => "",
        },
      ].filter(present),
    },
    {
      title: "export everything as ndjson",
      contenders: [
        ours("prodigy-events export", ["export", "--format", "ndjson"], lineCount),
        readline("copy", lineCount),
      ],
    },
    {
      title: "the newest 100",
      contenders: [
        ours("prodigy-events ls --limit", ["ls", "--limit", "100", "--output-format", "ndjson"], lineCount),
      ],
    },
  ];
}
