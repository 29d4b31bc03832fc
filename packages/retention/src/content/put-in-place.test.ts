import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFileSystem } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { putInPlace } from "./put-in-place.js";

/** Puts a finished file in place on a disk with faults; `taken` is what has its name already. */
async function put(faults: readonly Fault[], taken?: string) {
  const { path: directory } = await temporaryDirectory();
  const [finished, target] = [join(directory, "finished"), join(directory, "target")];
  await writeFile(finished, "new");
  if (taken !== undefined) await writeFile(target, taken);
  const disk = faultyFileSystem(nodeFileSystem, faults);
  const outcome = await putInPlace(finished, target, disk.fs).then(
    () => "done",
    ({ code, message }) => ({ code, message }),
  );
  const contents = await Promise.all(
    (await readdir(directory))
      .sort()
      .map(async (name) => [name, await readFile(join(directory, name), "utf8")]),
  );
  return { target, outcome, contents, syncs: disk.calls.filter(({ operation }) => operation === "fsync") };
}

const withoutLinks: Fault = { operation: "link", error: "EPERM", times: "from then on" };

describe.each([
  ["with hard links", []],
  ["without hard links", [withoutLinks]],
])("%s, a file", (_, faults) => {
  it("gets its name durably and loses its former one", async () => {
    const { outcome, contents, syncs } = await put(faults);
    expect(outcome).toBe("done");
    expect(contents).toEqual([["target", "new"]]);
    expect(syncs).toHaveLength(1);
  });

  it("does not replace what has the name", async () => {
    const { target, outcome, contents } = await put(faults, "theirs");
    expect(outcome).toMatchObject({
      code: "EEXIST",
      message: expect.stringMatching(
        new RegExp(`^cannot put a file in place at ${target}: .*exists already`),
      ),
    });
    expect(contents).toEqual([
      ["finished", "new"],
      ["target", "theirs"],
    ]);
  });
});

it.each<[string, Fault[], string]>([
  ["there is no leave to link", [{ operation: "link", error: "EACCES" }], "cannot put a file in place at"],
  [
    "it cannot be told whether the name is free",
    [withoutLinks, { operation: "lstat", error: "EACCES" }],
    "cannot examine",
  ],
])("nothing is put in place when %s", async (_, faults, message) => {
  const { outcome, contents } = await put(faults);
  expect(outcome).toMatchObject({ code: "EACCES", message: expect.stringContaining(message) });
  expect(contents).toEqual([["finished", "new"]]);
});
