import { createInterface } from "node:readline";
import type { Context } from "../program/context.js";

/**
 * Asks a question on the terminal; only `y` and `yes` agree. The end of the input means no; Ctrl-C resolves to
 * `interrupted`.
 */
export async function confirm(
  question: string,
  { stdin, messages }: Context,
): Promise<"yes" | "no" | "interrupted"> {
  const lines = createInterface({
    input: stdin,
    output: messages.stream,
    terminal: messages.terminal.isTerminal,
  });
  try {
    return await new Promise((resolve) => {
      lines.once("line", (answer) => resolve(/^\s*y(es)?\s*$/i.test(answer) ? "yes" : "no"));
      lines.once("SIGINT", () => {
        messages.raw("\n");
        resolve("interrupted");
      });
      lines.once("close", () => resolve("no"));
      lines.setPrompt(`${messages.terminal.safe(question)} [y/N] `);
      lines.prompt();
    });
  } finally {
    lines.close();
  }
}
