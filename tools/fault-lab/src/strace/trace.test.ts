import { describe, expect, it } from "vitest";
import { parseTrace, syncedAgainAfterFailure } from "./trace.js";

const trace = [
  '101  write(20</s/events-1.jsonl>, ""..., 3330) = 3330',
  "102  fdatasync(20</s/events-1.jsonl> <unfinished ...>",
  '101  rename("/s/a", "/s/b") = -1 EIO (Input/output error) (INJECTED)',
  "102  <... fdatasync resumed>)          = -1 EIO (Input/output error) (INJECTED)",
  "102  fdatasync(21</s/events-2.jsonl>)  = 0",
  "102  +++ exited with 0 +++",
].join("\n");

describe("parseTrace", () => {
  it("reads calls and results, and puts together what another thread interrupted", () => {
    expect(parseTrace(trace)).toEqual([
      { name: "write", args: '20</s/events-1.jsonl>, ""..., 3330', result: "3330", isInjected: false },
      {
        name: "rename",
        args: '"/s/a", "/s/b"',
        result: "-1 EIO (Input/output error) (INJECTED)",
        isInjected: true,
      },
      {
        name: "fdatasync",
        args: "20</s/events-1.jsonl>",
        result: "-1 EIO (Input/output error) (INJECTED)",
        isInjected: true,
      },
      { name: "fdatasync", args: "21</s/events-2.jsonl>", result: "0", isInjected: false },
    ]);
  });
});

describe("syncedAgainAfterFailure", () => {
  it("finds nothing when another file is synced instead", () => {
    expect(syncedAgainAfterFailure(parseTrace(trace))).toEqual([]);
  });

  it("names the file whose sync was tried again", () => {
    const again = parseTrace(`${trace}\n102  fdatasync(20</s/events-1.jsonl>) = 0`);
    expect(syncedAgainAfterFailure(again)).toEqual(["20</s/events-1.jsonl>"]);
  });

  it("lets a file be synced that was opened again", () => {
    const reopened = `${trace}\n102  close(20</s/events-1.jsonl>) = 0\n102  fdatasync(20</s/events-1.jsonl>) = 0`;
    expect(syncedAgainAfterFailure(parseTrace(reopened))).toEqual([]);
  });
});
