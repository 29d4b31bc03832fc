import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import {
  compressSegment,
  hasManifest,
  manifestDirectoryName,
  nodeFileSystem,
  readManifest,
  removeManifest,
  removeProducer,
  verifyAgainstManifest,
} from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { recoverDirectory, segmentWriter, type WriterWarning } from "../src/index.js";
import { declareDead, first, rotatedTwice, second, third } from "./dead-producer.js";
import { numbers, readBack, sequencesIn } from "./read-back.js";
import { batchFrom, inDirectory, lineOf, producerId, type WriterScene, writerScene } from "./writer-scene.js";

const options = { fs: nodeFileSystem };

const nothingDone = {
  sealed: [],
  renamed: [],
  compressed: [],
  plainRemoved: [],
  temporariesRemoved: [],
  left: [],
};

describe("recoverDirectory", () => {
  it("writes the manifest that a rotated segment lacks, equal to that of its producer but for what only that can say", async () => {
    const scene = await rotatedTwice(false);
    const original = await readManifest(scene.directory, first);
    await removeManifest(scene.directory, first);
    await declareDead(scene);
    const warnings: WriterWarning[] = [];
    const report = await recoverDirectory(scene.directory, {
      onWarning: (warning) => warnings.push(warning),
    });
    expect(report).toEqual({
      ...nothingDone,
      sealed: [`${first}.rotated`],
    });
    const path = inDirectory(scene, `${first}.rotated`);
    const message = `${path} got its manifest from its content, since its producer ended before writing one`;
    expect(warnings).toEqual([{ code: "SEGMENT_RECOVERED", message, path }]);
    const { onlyRecords, ...readable } = original!;
    expect(onlyRecords).toBe(true);
    expect(await readManifest(scene.directory, first)).toEqual({ ...readable, closedAt: expect.any(String) });
  });

  it("finishes the rotation of a segment behind which its producer had gone on", async () => {
    const scene = await rotatedTwice(false);
    await rename(inDirectory(scene, `${second}.rotated`), inDirectory(scene, second));
    await removeManifest(scene.directory, second);
    await declareDead(scene);
    const report = await recoverDirectory(scene.directory, options);
    expect(report.sealed).toEqual([second]);
    expect(await scene.names()).toEqual([`${first}.rotated`, `${second}.rotated`, third]);
    const manifest = await readManifest(scene.directory, second);
    if (manifest === undefined) throw new Error("no manifest");
    const verification = await verifyAgainstManifest(inDirectory(scene, `${second}.rotated`), manifest);
    expect(verification.intact).toBe(true);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(15));
  });

  it.each([{ manifest: "with" }, { manifest: "without" }])(
    "removes the plain file beside its verified compressed one, $manifest a manifest",
    async ({ manifest }) => {
      const scene = await rotatedTwice(false);
      const plain = inDirectory(scene, `${first}.rotated`);
      await compressSegment(plain, `${plain}.gz`);
      if (manifest === "without") await removeManifest(scene.directory, first);
      await declareDead(scene);
      const report = await recoverDirectory(scene.directory, options);
      expect(report.plainRemoved).toEqual([`${first}.rotated`]);
      expect(await scene.names()).toEqual([`${first}.rotated.gz`, `${second}.rotated`, third]);
      expect(await sequencesIn(scene.directory)).toEqual(numbers(15));
    },
  );

  it("keeps both files when the compressed one holds something else", async () => {
    const scene = await rotatedTwice(false);
    const plain = inDirectory(scene, `${first}.rotated`);
    await compressSegment(inDirectory(scene, `${second}.rotated`), `${plain}.gz`);
    await declareDead(scene);
    const warnings: WriterWarning[] = [];
    const report = await recoverDirectory(scene.directory, {
      onWarning: (warning) => warnings.push(warning),
    });
    const reason = `${plain}.gz does not hold what ${first}.rotated does; run 'events verify'`;
    expect(report.left).toEqual([{ path: `${first}.rotated`, reason }]);
    const message = `${plain} could not be brought in order and stays as it is: ${reason}`;
    expect(warnings).toEqual([{ code: "RECOVERY_POSTPONED", message, path: plain }]);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(15));
  });

  it("removes temporary files of segments and manifests", async () => {
    const scene = await rotatedTwice(false);
    const segment = `.${first}.rotated.gz.0123456789ab.tmp`;
    const manifest = `.manifest/.${first}.json.0123456789ab.tmp`;
    await writeFile(inDirectory(scene, segment), "half of");
    await writeFile(inDirectory(scene, manifest), "half of");
    await declareDead(scene);
    const report = await recoverDirectory(scene.directory, options);
    expect(report.temporariesRemoved).toEqual([segment, manifest]);
    expect(await recoverDirectory(scene.directory, options)).toMatchObject({ temporariesRemoved: [] });
  });

  it("states nothing about a segment that ends within a line, and keeps quiet about it", async () => {
    const scene = await rotatedTwice(false);
    await removeManifest(scene.directory, first);
    await appendFile(inDirectory(scene, `${first}.rotated`), '{"id":"torn');
    await declareDead(scene);
    const warnings: string[] = [];
    const before = scene.disk.calls.length;
    const report = await recoverDirectory(scene.directory, {
      fs: scene.disk.fs,
      onWarning: ({ code }) => warnings.push(code),
    });
    // Every writer that opens the directory meets it again: one byte tells.
    const operations = scene.disk.calls
      .slice(before)
      .filter(({ path }) => path?.endsWith(`${first}.rotated`));
    expect(operations.map(({ operation }) => operation)).toEqual(["open", "fstat", "read", "close"]);
    expect(report.left).toEqual([{ path: `${first}.rotated`, reason: "it ends within a line" }]);
    expect(warnings).toEqual([]);
    expect(await hasManifest(scene.directory, first, nodeFileSystem)).toBe(false);
  });

  const within = "it ends within a line";
  const foreign = `it does not begin and end with a record of producer ${producerId}`;
  const ofAnother = lineOf(0).replace(producerId, "anotherone");
  const unnumbered = lineOf(0).replace(',"sequence":0', "");

  it.each([
    { content: "", what: "is empty", reason: within },
    { content: "no record\n", what: "holds no record", reason: foreign },
    { content: `${lineOf(0)}no record\n`, what: "ends with no record", reason: foreign },
    { content: ofAnother, what: "is another's", reason: foreign },
    { content: ofAnother + lineOf(0), what: "begins with another's record", reason: foreign },
    { content: lineOf(0) + unnumbered, what: "ends with a record without its number", reason: foreign },
  ])("states nothing about a segment that $what, and keeps quiet about it", async ({ content, reason }) => {
    const scene = await rotatedTwice(false);
    await removeManifest(scene.directory, first);
    await writeFile(inDirectory(scene, `${first}.rotated`), content);
    await declareDead(scene);
    const warnings: string[] = [];
    const report = await recoverDirectory(scene.directory, { onWarning: ({ code }) => warnings.push(code) });
    expect(report).toMatchObject({ sealed: [], left: [{ path: `${first}.rotated`, reason }] });
    expect(warnings).toEqual([]);
    expect(await hasManifest(scene.directory, first, nodeFileSystem)).toBe(false);
    expect(await readFile(inDirectory(scene, `${first}.rotated`), "utf8")).toBe(content);
  });

  it.each([
    { what: "ends within a line", content: `${lineOf(0)}{"id":"torn`, reason: within },
    { what: "is empty", content: "", reason: foreign },
  ])(
    "keeps a plain file that $what beside the compressed one, when no manifest says which is right",
    async (given) => {
      const scene = await rotatedTwice(false);
      const plain = inDirectory(scene, `${first}.rotated`);
      await writeFile(plain, given.content);
      await compressSegment(plain, `${plain}.gz`);
      await removeManifest(scene.directory, first);
      await declareDead(scene);
      const report = await recoverDirectory(scene.directory, options);
      expect(report).toMatchObject({
        plainRemoved: [],
        left: [{ path: `${first}.rotated`, reason: given.reason }],
      });
      expect(await readFile(plain, "utf8")).toBe(given.content);
    },
  );

  it("leaves no descriptor open of what it has read", async () => {
    const scene = await rotatedTwice(false);
    await removeManifest(scene.directory, first);
    await declareDead(scene);
    const path = /\.rotated$/;
    const [opened, closed] = [scene.calls("open", path), scene.calls("close", path)];
    await recoverDirectory(scene.directory, { fs: scene.disk.fs });
    // Once for the last byte and once for the whole.
    expect([scene.calls("open", path) - opened, scene.calls("close", path) - closed]).toEqual([2, 2]);
  });

  it("asks once whether a producer is dead, however much it has left undone", async () => {
    const scene = await rotatedTwice(false);
    for (const segment of [first, second]) await removeManifest(scene.directory, segment);
    await declareDead(scene);
    const before = scene.calls("open", /\.producers/);
    const { sealed } = await recoverDirectory(scene.directory, { fs: scene.disk.fs });
    expect(sealed).toEqual([`${first}.rotated`, `${second}.rotated`]);
    expect(scene.calls("open", /\.producers/) - before).toBe(1);
  });

  it("states what segments hold where not one manifest was ever written", async () => {
    const scene = await rotatedTwice(false);
    await rm(inDirectory(scene, manifestDirectoryName), { recursive: true });
    await declareDead(scene);
    const report = await recoverDirectory(scene.directory, options);
    expect(report.sealed).toEqual([`${first}.rotated`, `${second}.rotated`]);
  });

  it("does not need anybody to warn", async () => {
    const scene = await rotatedTwice(false);
    await removeManifest(scene.directory, first);
    await declareDead(scene);
    scene.disk.add({ operation: "readdir", error: "EACCES" });
    expect(await recoverDirectory(scene.directory, { fs: scene.disk.fs })).toMatchObject({
      left: [{ path: "." }],
    });
    expect(await recoverDirectory(scene.directory)).toMatchObject({ sealed: [`${first}.rotated`] });
  });

  it.each(["a living", "an unknown", "an unreadable"])("touches nothing of %s producer", async (kind) => {
    const scene = await rotatedTwice(false);
    await removeManifest(scene.directory, first);
    await writeFile(inDirectory(scene, `.${first}.rotated.gz.0123456789ab.tmp`), "half of");
    if (kind === "an unknown") await removeProducer(scene.directory, producerId);
    if (kind === "an unreadable")
      await writeFile(inDirectory(scene, ".producers", `${producerId}.json`), "{}");
    const report = await recoverDirectory(scene.directory, options);
    expect(report).toEqual(nothingDone);
    expect(await hasManifest(scene.directory, first, nodeFileSystem)).toBe(false);
  });

  it("finds nothing to do where there is nothing", async () => {
    const scene = await writerScene();
    expect(await recoverDirectory(scene.directory, options)).toEqual(nothingDone);
    await mkdir(scene.directory, { recursive: true });
    expect(await recoverDirectory(scene.directory, options)).toEqual(nothingDone);
  });

  it("never throws, and says what it could not do", async () => {
    const scene = await rotatedTwice(false);
    await removeManifest(scene.directory, first);
    await declareDead(scene);
    scene.disk.add({ operation: "readdir", error: "EACCES" });
    const warnings: string[] = [];
    const watched = { fs: scene.disk.fs, onWarning: ({ code }: { code: string }) => warnings.push(code) };
    expect(await recoverDirectory(scene.directory, watched)).toMatchObject({ left: [{ path: "." }] });
    scene.disk.add({ operation: "fsync", error: "EIO" });
    expect(await recoverDirectory(scene.directory, watched)).toMatchObject({ sealed: [], left: [{}] });
    expect(await recoverDirectory(scene.directory, watched)).toMatchObject({ sealed: [`${first}.rotated`] });
    expect(warnings).toEqual(["RECOVERY_POSTPONED", "RECOVERY_POSTPONED", "SEGMENT_RECOVERED"]);
  });

  it("can be done by several processes at once", async () => {
    const scene = await rotatedTwice(false);
    await rename(inDirectory(scene, `${first}.rotated`), inDirectory(scene, first));
    await removeManifest(scene.directory, first);
    const plain = inDirectory(scene, `${second}.rotated`);
    await compressSegment(plain, `${plain}.gz`);
    await declareDead(scene);
    const reports = await Promise.all(numbers(4).map(() => recoverDirectory(scene.directory, options)));
    const reasons = reports.flatMap(({ left }) => left.map(({ path, reason }) => `${path} ${reason}`));
    expect(reasons.filter((reason) => reason !== ". somebody else is bringing it in order")).toEqual([]);
    expect(await scene.names()).toEqual([`${first}.rotated`, `${second}.rotated.gz`, third]);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(15));
  });

  it("runs when a writer opens the directory, and is over when that writer is closed", async () => {
    const scene = await rotatedTwice(false);
    await removeManifest(scene.directory, first);
    await declareDead(scene);
    const writer = segmentWriter();
    await writer.open?.({ ...scene.context, producerId: "anotherone" });
    await writer.close();
    expect(await hasManifest(scene.directory, first, nodeFileSystem)).toBe(true);
  });
});

describe("a crash at any operation", () => {
  const mutating = ["open", "write", "fdatasync", "fsync", "close", "rename", "unlink", "mkdir"];

  /** From the nth operation on nothing reaches the disk any more. Returns what was confirmed until then. */
  async function crashAt(nth: number): Promise<{ scene: WriterScene; confirmed: number; hits: number }> {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 2_000 });
    await writer.open?.(scene.context);
    scene.disk.add({ operation: mutating, error: "EIO", nth, times: "from then on" });
    let confirmed = 0;
    for (const index of numbers(5)) {
      const isWritten = await writer.write(batchFrom(index * 4, 4)).then(
        () => true,
        () => false,
      );
      if (!isWritten) break;
      confirmed += 4;
    }
    await writer.close();
    const hits = scene.disk.calls.filter(({ injected }) => injected !== undefined).length;
    return { scene, confirmed, hits };
  }

  it("leaves one readable copy of everything confirmed, before and after recovery", {
    timeout: 120_000,
  }, async () => {
    let crashes = 0;
    for (let nth = 1; ; nth += 1) {
      const { scene, confirmed, hits } = await crashAt(nth);
      const before = await readBack(scene.directory);
      const sequences = before.records.map(({ metadata }) => metadata.sequence);
      expect(sequences.slice(0, confirmed), `crash at operation ${nth}`).toEqual(numbers(confirmed));
      await declareDead(scene);
      const report = await recoverDirectory(scene.directory, { ...options, compress: true });
      expect(report.left).toEqual([]);
      expect(await sequencesIn(scene.directory)).toEqual(sequences);
      // Nothing is left for the next one to do: one plain file, the newest, and compressed ones.
      expect(await recoverDirectory(scene.directory, { ...options, compress: true })).toEqual(nothingDone);
      expect((await scene.names()).filter((name) => !name.endsWith(".gz")).length).toBeLessThan(2);
      if (hits === 0) break;
      crashes += 1;
    }
    expect(crashes).toBeGreaterThan(40);
  });
});
