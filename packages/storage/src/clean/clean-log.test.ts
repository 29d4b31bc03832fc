import { mkdirSync, writeFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { type CleanLogEntry, cleanLogPath, readCleanLog } from "./clean-log.js";

const entry: CleanLogEntry = {
  action: "remove",
  at: "2026-01-01T12:00:00.000Z",
  segment: "events-20260101_120000_000-k3f9a1c2.jsonl",
  lines: 5,
  bytes: 500,
  ranges: [{ producerId: "k3f9a1c2", first: 0, last: 4 }],
};

async function read(log?: string) {
  const { path: directory, join } = await temporaryDirectory();
  if (log !== undefined) {
    mkdirSync(join(".clean"));
    writeFileSync(cleanLogPath(directory), log);
  }
  const entries: CleanLogEntry[] = [];
  const unreadable: number[] = [];
  const onUnreadable = (offset: number) => unreadable.push(offset);
  for await (const each of readCleanLog(directory, { onUnreadable })) entries.push(each);
  return { entries, unreadable };
}

const line = `${JSON.stringify(entry)}\n`;

describe("readCleanLog", () => {
  it("gives the entries in their order", async () => {
    const restored = { ...entry, action: "restore" as const, archive: "/archive/a.gz" };
    const log = `${line}${JSON.stringify(restored)}\n`;
    expect(await read(log)).toEqual({ entries: [entry, restored], unreadable: [] });
  });

  it("gives nothing where there is no log", async () => {
    expect(await read()).toEqual({ entries: [], unreadable: [] });
  });

  it.each([
    ["a line that a crash cut off", '{"action":"rem'],
    ["an unknown action", line.trim().replace("remove", "shred")],
    ["ranges that are none", line.trim().replace('"first":0', '"first":"a"')],
    ["null", "null"],
    ["bytes that are no text", "\0\0"],
  ])("tells of %s and goes on", async (_what, bad) => {
    expect(await read(`${bad}\n${line}`)).toEqual({ entries: [entry], unreadable: [0] });
  });

  it("tells of a tail", async () => {
    expect(await read(`${line}{"act`)).toEqual({ entries: [entry], unreadable: [line.length] });
  });
});
