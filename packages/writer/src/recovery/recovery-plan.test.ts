import { describe, expect, it } from "vitest";
import { planRecovery } from "./recovery-plan.js";

const first = "events-20260101_120000_000-aaaaaaaaaa.jsonl";
const second = "events-20260101_120001_000-aaaaaaaaaa.jsonl";
const other = "events-20260101_120002_000-bbbbbbbbbb.jsonl";
const temporary = (name: string): string => `.${name}.0123456789ab.tmp`;

function steps(fileNames: string[], manifestNames: string[] = [], compress = false): string[] {
  return planRecovery({ fileNames, manifestNames }, compress).map(
    ({ kind, fileName }) => `${kind} ${fileName}`,
  );
}

describe("planRecovery", () => {
  it("finds nothing to do in a directory in good order", () => {
    const files = [`${first}.rotated`, second, `${other}.rotated.gz`, ".manifest", ".producers"];
    expect(steps(files, [`${first}.json`, `${other}.json`])).toEqual([]);
  });

  it("leaves the newest plain segment of every producer alone", () => {
    expect(steps([second, other])).toEqual([]);
  });

  it("finishes the rotation of a plain segment behind which its producer went on", () => {
    expect(steps([first, second])).toEqual([`rotate ${first}`]);
  });

  it("knows the newest by its name, in whatever order the directory lists them", () => {
    const third = "events-20260101_120003_000-aaaaaaaaaa.jsonl";
    for (const files of [
      [third, second, first],
      [second, third, first],
      [first, third, second],
    ]) {
      expect(steps(files)).toEqual([`rotate ${first}`, `rotate ${second}`]);
    }
  });

  it("renames a plain segment that has its manifest, unless it is the newest one: that ended so", () => {
    expect(steps([first, second], [`${first}.json`, `${second}.json`])).toEqual([`rename ${first}`]);
  });

  it("compresses what is rotated or will be, in the end, where that is asked for", () => {
    const third = "events-20260101_120003_000-aaaaaaaaaa.jsonl";
    const temporaryFile = temporary(`${other}.rotated.gz`);
    const files = [`${first}.rotated`, second, third, `${other}.rotated`, temporaryFile];
    const stated = [`${second}.json`, `${other}.json`];
    const before = [`seal ${first}.rotated`, `rename ${second}`, `remove temporary ${temporaryFile}`];
    expect(steps(files, stated)).toEqual(before);
    const compressions = [first, second, other].map((name) => `compress ${name}.rotated`);
    expect(steps(files, stated, true)).toEqual([...before, ...compressions]);
  });

  it("leaves a segment to others that exists plain and in another state", () => {
    const stated = [`${first}.json`];
    expect(steps([first, second, `${first}.rotated`], stated, true)).toEqual([]);
    expect(steps([first, second, `${first}.rotated.gz`], stated, true)).toEqual([]);
  });

  it("states what a rotated segment without a manifest holds", () => {
    expect(steps([`${first}.rotated`])).toEqual([`seal ${first}.rotated`]);
  });

  it("removes the plain file beside the compressed one, with and without a manifest", () => {
    const files = [`${first}.rotated`, `${first}.rotated.gz`];
    expect(steps(files)).toEqual([`remove plain ${first}.rotated`]);
    expect(steps(files, [`${first}.json`])).toEqual([`remove plain ${first}.rotated`]);
  });

  it("does not take another program's compressed file for its own", () => {
    expect(steps([`${first}.rotated`, `${first}.gz`], [`${first}.json`])).toEqual([]);
  });

  it("removes temporary files, those of manifests too", () => {
    const gz = temporary(`${first}.rotated.gz`);
    const manifest = temporary(`${first}.json`);
    expect(steps([gz], [manifest])).toEqual([
      `remove temporary ${gz}`,
      `remove temporary .manifest/${manifest}`,
    ]);
  });

  it("leaves files alone that it does not know", () => {
    const files = [
      "events-shared.jsonl",
      "events-1.jsonl.rotated",
      "notes.txt",
      temporary("notes.txt"),
      ".repo.json",
    ];
    expect(steps(files)).toEqual([]);
  });

  it("says whose each step is, for their producers to be looked at", () => {
    const [step] = planRecovery({ fileNames: [`${other}.rotated`], manifestNames: [] }, false);
    expect(step).toMatchObject({ producerId: "bbbbbbbbbb", segment: other });
  });
});
