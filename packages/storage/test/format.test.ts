import { readFileSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { compressSegment, encodeName, openSealedJson, readManifest, writeManifest } from "../src/index.js";

const format = readFileSync(new URL("../FORMAT.md", import.meta.url), "utf8");

describe("FORMAT.md", () => {
  it("has a table of encoded names that holds", () => {
    const table = format.slice(format.indexOf("| `mapreduce-xyz789`"), format.indexOf("## 2."));
    const rows = [...table.matchAll(/^\| `(.+)` +\| `(.+)` +\|$/gm)];
    expect(rows.length).toBeGreaterThan(5);
    for (const [, name, directory] of rows) expect(encodeName(name as string)).toBe(directory);
  });

  it("has an example of a manifest that can be read", async () => {
    const example = /^\{"version":1,"segment".*\}$/m.exec(format)?.[0] ?? "";
    const manifest = openSealedJson(`${example}\n`);
    expect(manifest).toMatchObject({
      segment: "events-20260101_120000_000-k3f9a1c2.jsonl",
      bytes: 6,
      lines: 2,
    });
    const { path } = await temporaryDirectory();
    await writeManifest(path, manifest as never);
    expect(await readManifest(path, manifest?.segment as string)).toEqual(manifest);
  });

  it("describes the bytes of a member as they are", async () => {
    const { join } = await temporaryDirectory();
    const content = Buffer.from("{}\n{}\n");
    writeFileSync(join("a"), content);
    await compressSegment(join("a"), join("a.gz"));
    const member = readFileSync(join("a.gz"));
    const table = format.slice(
      format.indexOf("`1f 8b 08 04`") - 40,
      format.indexOf("The next member begins"),
    );
    let checked = 0;
    for (const [, offset, bytes, hex] of table.matchAll(/^\| +(\d+) \| +(\d+) \| `([0-9a-f ]+)` +\|/gm)) {
      const expected = (hex as string).replaceAll(" ", "");
      expect(member.toString("hex", Number(offset), Number(offset) + Number(bytes))).toBe(expected);
      checked += Number(bytes);
    }
    expect(checked).toBe(16);
    expect(member.readUInt32LE(16)).toBe(member.length);
    expect(member.readUInt32LE(20)).toBe(content.length);
    expect(member.readUInt32LE(member.length - 8)).toBe(crc32(content));
    expect(member.readUInt32LE(member.length - 4)).toBe(content.length);
  });
});
