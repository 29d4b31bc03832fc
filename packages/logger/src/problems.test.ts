import { describe, expect, it, vi } from "vitest";
import { type LoggerProblem, ProblemReporter } from "./problems.js";

const error = { severity: "error" } as const;

describe("ProblemReporter", () => {
  it("hands a problem to the handler, with what is known about it", () => {
    const problems: LoggerProblem[] = [];
    const reporter = new ProblemReporter((problem) => problems.push(problem));
    const cause = new Error("cause");
    reporter.report("WRITER_DEGRADED", "text", { ...error, writer: "segment", cause });
    expect(problems).toMatchObject([
      {
        name: "LoggerProblem",
        code: "WRITER_DEGRADED",
        message: "text",
        severity: "error",
        writer: "segment",
        cause,
      },
    ]);
  });

  it("swallows what the handler throws, now or later", async () => {
    const throwing = new ProblemReporter(() => {
      throw new Error("handler");
    });
    throwing.report("A", "text", error);
    const rejecting = new ProblemReporter(async () => {
      throw new Error("handler");
    });
    rejecting.report("A", "text", error);
    // An unhandled rejection would fail this test run.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("does not report what the handler itself causes", () => {
    const codes: string[] = [];
    const reporter: ProblemReporter = new ProblemReporter(({ code }) => {
      codes.push(code);
      reporter.report("CAUSED", "text", error);
    });
    reporter.report("FIRST", "text", error);
    reporter.report("SECOND", "text", error);
    expect(codes).toEqual(["FIRST", "SECOND"]);
  });

  it("warns once for each kind when there is no handler", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    try {
      const reporter = new ProblemReporter(undefined);
      reporter.report("A", "one", error);
      reporter.report("A", "two", error);
      reporter.report("B", "three", error);
      expect(warn.mock.calls.map(([message]) => message)).toEqual(["one", "three"]);
    } finally {
      warn.mockRestore();
    }
  });
});
