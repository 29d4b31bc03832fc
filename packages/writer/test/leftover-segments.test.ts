import { spawn } from "node:child_process";
import { readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  cleanDirectoryName,
  cleanLogPath,
  compressSegment,
  ensurePrivateDirectory,
  holdSocket,
  nodeFileSystem,
  readManifest,
  socketName,
  verifyAgainstManifest,
  writeManifest,
} from "@prodigy-events/storage";
import { describe, expect, it, vi } from "vitest";
import { recoverDirectory, segmentWriter, type WriterWarning } from "../src/index.js";
import { declareDead, first, rotatedTwice, second, third } from "./dead-producer.js";
import { numbers, sequencesIn } from "./read-back.js";
import { batchFrom, inDirectory, type WriterScene } from "./writer-scene.js";

/** A directory in which a producer that is dead has rotated twice, and compressed nothing. */
async function leftUncompressed(): Promise<WriterScene> {
  const scene = await rotatedTwice(false);
  await declareDead(scene);
  return scene;
}

const compressed = [`${first}.rotated.gz`, `${second}.rotated.gz`, third];

describe("a plain segment that has its manifest", () => {
  it("gets the name that it lacks, when its producer had gone on behind it", async () => {
    const scene = await leftUncompressed();
    await rename(inDirectory(scene, `${first}.rotated`), inDirectory(scene, first));
    expect(await recoverDirectory(scene.directory)).toMatchObject({ renamed: [first], sealed: [], left: [] });
    expect(await scene.names()).toEqual([`${first}.rotated`, `${second}.rotated`, third]);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(15));
  });
});

describe("a rotated segment of the dead", () => {
  it("is compressed where that is asked for, and has what its manifest says", async () => {
    const scene = await leftUncompressed();
    expect(await recoverDirectory(scene.directory)).toMatchObject({ compressed: [], left: [] });
    const report = await recoverDirectory(scene.directory, { compress: true });
    expect(report).toMatchObject({ compressed: [`${first}.rotated`, `${second}.rotated`], left: [] });
    expect(await scene.names()).toEqual(compressed);
    const manifest = (await readManifest(scene.directory, first))!;
    expect(await verifyAgainstManifest(inDirectory(scene, `${first}.rotated.gz`), manifest)).toMatchObject({
      intact: true,
    });
    expect(await sequencesIn(scene.directory)).toEqual(numbers(15));
  });

  it("stays plain when it is not what its manifest says, and the others are compressed", async () => {
    const scene = await leftUncompressed();
    const path = inDirectory(scene, `${first}.rotated`);
    const content = await readFile(path);
    await writeFile(path, content.subarray(1));
    const warnings: WriterWarning[] = [];
    const onWarning = (warning: WriterWarning) => warnings.push(warning);
    const report = await recoverDirectory(scene.directory, { compress: true, onWarning });
    const reason = `${path} has ${content.length - 1} bytes and its manifest says ${content.length}; it stays uncompressed, run 'events verify'`;
    expect(report).toMatchObject({
      compressed: [`${second}.rotated`],
      left: [{ path: `${first}.rotated`, reason }],
    });
    expect(warnings).toMatchObject([{ code: "RECOVERY_POSTPONED", path }]);
    content[0] = 0x20;
    await writeFile(path, content);
    const again = await recoverDirectory(scene.directory, { compress: true });
    expect(again.left).toEqual([
      { path: `${first}.rotated`, reason: expect.stringContaining("differs from its manifest") },
    ]);
    expect(await scene.names()).toEqual([`${first}.rotated`, `${second}.rotated.gz`, third]);
  });

  it("waits, with the others, when the disk is full", async () => {
    const scene = await leftUncompressed();
    scene.disk.add({ operation: "write", error: "ENOSPC" });
    const { left } = await recoverDirectory(scene.directory, { fs: scene.disk.fs, compress: true });
    expect(left.map(({ path }) => path)).toEqual([`${first}.rotated`]);
    expect(await scene.names()).toEqual([`${first}.rotated`, `${second}.rotated`, third]);
    expect((await readdir(scene.directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    await recoverDirectory(scene.directory, { fs: scene.disk.fs, compress: true });
    expect(await scene.names()).toEqual(compressed);
  });

  it("waits when it is stopped, before a segment or within one", async () => {
    const scene = await leftUncompressed();
    const stopped = { compress: true, signal: AbortSignal.abort() };
    expect(await recoverDirectory(scene.directory, stopped)).toEqual(
      expect.objectContaining({ compressed: [], left: [] }),
    );
    const stop = new AbortController();
    scene.disk.add({ operation: "write", path: /\.tmp$/, nth: 2, run: () => stop.abort() });
    const during = { fs: scene.disk.fs, compress: true, signal: stop.signal };
    expect(await recoverDirectory(scene.directory, during)).toMatchObject({
      compressed: [`${first}.rotated`],
      left: [],
    });
    expect(await scene.names()).toEqual([`${first}.rotated.gz`, `${second}.rotated`, third]);
    expect((await readdir(scene.directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("a rotated segment of the dead, while it is compressed", () => {
  const plain = (scene: WriterScene) => inDirectory(scene, `${first}.rotated`);

  async function logClean(scene: WriterScene, ...actions: string[]): Promise<void> {
    await ensurePrivateDirectory(inDirectory(scene, cleanDirectoryName), nodeFileSystem);
    const entries = actions.map((action) => ({
      action,
      segment: first,
      ranges: [],
      lines: 5,
      bytes: 1,
      at: "",
    }));
    await writeFile(
      cleanLogPath(scene.directory),
      entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
    );
  }

  it.each([
    { what: "was removed by a clean", actions: ["remove"], isBack: false },
    { what: "was removed by a clean and restored", actions: ["remove", "restore"], isBack: true },
    { what: "was compressed by another process", actions: [], isBack: true },
  ])("and that $what, is there once or not at all", async ({ actions, isBack }) => {
    const scene = await leftUncompressed();
    scene.disk.add({
      operation: "lstat",
      path: plain(scene),
      nth: 2,
      run: async () => {
        await logClean(scene, ...actions);
        await unlink(plain(scene));
      },
    });
    const report = await recoverDirectory(scene.directory, { fs: scene.disk.fs, compress: true });
    expect(report.left).toEqual([]);
    expect(await scene.names()).toEqual(isBack ? compressed : compressed.slice(1));
    expect(await sequencesIn(scene.directory)).toEqual(isBack ? numbers(15) : numbers(15).slice(5));
  });

  it("and that a clean cuts meanwhile, stays as that has left it", async () => {
    const scene = await leftUncompressed();
    scene.disk.add({
      operation: "lstat",
      path: plain(scene),
      nth: 2,
      run: async () => {
        const rest = inDirectory(scene, ".rest");
        const lines = (await readFile(plain(scene), "utf8")).split("\n").slice(2).join("\n");
        await writeFile(rest, lines);
        await rename(rest, plain(scene));
      },
    });
    const report = await recoverDirectory(scene.directory, { fs: scene.disk.fs, compress: true });
    expect(report).toMatchObject({ compressed: [`${second}.rotated`], left: [] });
    expect(await scene.names()).toEqual([`${first}.rotated`, `${second}.rotated.gz`, third]);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(15).slice(2));
  });

  it.each(["plain", "compressed"])(
    "and that exists compressed, too, keeps the file that is left when a clean takes the %s one",
    async (taken) => {
      const scene = await leftUncompressed();
      await compressSegment(plain(scene), `${plain(scene)}.gz`);
      const path = taken === "plain" ? plain(scene) : `${plain(scene)}.gz`;
      // The plain file is looked at before and after the compressed one is verified, that one only after.
      scene.disk.add({ operation: "lstat", path, nth: taken === "plain" ? 2 : 1, run: () => unlink(path) });
      const report = await recoverDirectory(scene.directory, { fs: scene.disk.fs });
      expect(report).toMatchObject({ plainRemoved: [], left: [] });
      expect(await sequencesIn(scene.directory)).toEqual(numbers(15));
    },
  );

  it.runIf(process.platform === "linux")("is left to it by everybody else", async () => {
    const scene = await leftUncompressed();
    const socket = await holdSocket(socketName("recovery", scene.directory));
    const left = [{ path: ".", reason: "somebody else is bringing it in order" }];
    const warnings: WriterWarning[] = [];
    const asked = { compress: true, onWarning: (warning: WriterWarning) => warnings.push(warning) };
    expect(await recoverDirectory(scene.directory, asked)).toMatchObject({ compressed: [], left });
    expect(warnings).toEqual([]);
    if (typeof socket === "object") await socket.release();
    expect(await recoverDirectory(scene.directory, asked)).toMatchObject({ left: [] });
    expect(await scene.names()).toEqual(compressed);
  });
});

describe("a writer that opens the directory of the dead", () => {
  const another = (scene: WriterScene) => ({ ...scene.context, producerId: "anotherone" });

  it("compresses what it finds while it writes, and not when it compresses nothing", async () => {
    const scene = await leftUncompressed();
    const plain = segmentWriter({ compress: false });
    await plain.open?.(another(scene));
    await plain.close();
    expect(await scene.names()).toEqual([`${first}.rotated`, `${second}.rotated`, third]);
    const writer = segmentWriter();
    await writer.open?.(another(scene));
    await vi.waitFor(async () => expect(await scene.names()).toEqual(compressed), 20_000);
    await writer.close();
    expect(writer.stats()).toMatchObject({ segments: 0, compressed: 0 });
    expect(scene.warnings).toEqual([]);
  });

  it.each(["close", "failing write"])("compresses no more after a %s", async (end) => {
    const scene = await leftUncompressed();
    const writer = segmentWriter();
    // The first member of the first segment waits for the end of the writer, as a long compression would.
    let stop: () => unknown = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      scene.disk.add({ operation: "write", path: /\.rotated\.gz\..*tmp$/, run: () => stop() });
      stop = async () => {
        if (end === "close") void writer.close().then(resolve);
        else {
          scene.disk.add({ operation: "write", path: /anotherone\.jsonl$/, error: "ENOSPC" });
          await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({ code: "ENOSPC" });
          resolve();
        }
      };
    });
    await writer.open?.(another(scene));
    await stopped;
    await writer.close();
    expect((await scene.names()).filter((name) => !name.includes("anotherone"))).toEqual([
      `${first}.rotated`,
      `${second}.rotated`,
      third,
    ]);
    expect((await readdir(scene.directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("does not keep its process from ending", async () => {
    const scene = await leftUncompressed();
    const many = numbers(60).map((index) =>
      first.replace("120000_000", `1100${String(index).padStart(2, "0")}_000`),
    );
    const content = await readFile(inDirectory(scene, `${first}.rotated`));
    const manifest = (await readManifest(scene.directory, first))!;
    for (const segment of many) {
      await writeFile(inDirectory(scene, `${segment}.rotated`), content);
      await writeManifest(scene.directory, { ...manifest, segment });
    }
    const program = fileURLToPath(new URL("programs/open-and-end.mjs", import.meta.url));
    const child = spawn(process.execPath, [program, scene.context.root, scene.directory], {
      stdio: "inherit",
    });
    expect(await new Promise((ended) => child.once("close", ended))).toBe(0);
    const left = (await scene.names()).filter((name) => name.endsWith(".rotated"));
    expect(left.length).toBeGreaterThan(many.length / 2);
  });
});
