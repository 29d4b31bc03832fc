import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../files/node-file-system.js";
import { claimRepository } from "./claim-repository.js";

async function store() {
  const { join } = await temporaryDirectory();
  const [root, first, second] = [join("root"), join("first", "shop"), join("second", "shop")] as const;
  for (const path of [first, second]) mkdirSync(path, { recursive: true });
  const file = join("root", "events", "shop", ".repo.json");
  return { root, first, second, file, stored: () => JSON.parse(readFileSync(file, "utf8")) as unknown };
}

describe("claimRepository", () => {
  it("notes the first repository, privately", async () => {
    const { root, first, file, stored } = await store();
    expect(await claimRepository(root, { name: "shop", path: first })).toEqual({});
    expect(stored()).toEqual({ version: 1, path: first, others: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("writes nothing when the note is there already", async () => {
    const { root, first } = await store();
    await claimRepository(root, { name: "shop", path: first });
    const disk = faultyFileSystem(nodeFileSystem);
    expect(await claimRepository(root, { name: "shop", path: first }, disk.fs)).toEqual({});
    expect(disk.calls.filter(({ operation }) => operation === "write" || operation === "rename")).toEqual([]);
  });

  it("tells another repository of the same name about the first, once", async () => {
    const { root, first, second, stored } = await store();
    await claimRepository(root, { name: "shop", path: first });
    expect(await claimRepository(root, { name: "shop", path: second })).toEqual({ conflict: first });
    expect(await claimRepository(root, { name: "shop", path: second })).toEqual({});
    expect(stored()).toEqual({ version: 1, path: first, others: [second] });
  });

  it("passes the claim on when the first repository is gone, as after a move", async () => {
    const { root, first, second, stored } = await store();
    await claimRepository(root, { name: "shop", path: first });
    rmSync(first, { recursive: true });
    expect(await claimRepository(root, { name: "shop", path: second })).toEqual({});
    expect(stored()).toEqual({ version: 1, path: second, others: [] });
  });

  it.each(["", "{", "null", "[]", '{"version":1}', '{"path":3}'])(
    "writes a damaged note %j anew",
    async (text) => {
      const { root, first, file, stored } = await store();
      await claimRepository(root, { name: "shop", path: first });
      writeFileSync(file, text);
      expect(await claimRepository(root, { name: "shop", path: first })).toEqual({});
      expect(stored()).toEqual({ version: 1, path: first, others: [] });
    },
  );

  it("reads a note without the list of others", async () => {
    const { root, first, second, file } = await store();
    await claimRepository(root, { name: "shop", path: first });
    writeFileSync(file, JSON.stringify({ version: 1, path: first, others: "none" }));
    expect(await claimRepository(root, { name: "shop", path: second })).toEqual({ conflict: first });
  });
});
