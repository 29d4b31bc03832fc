import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { claimRepository } from "./claim-repository.js";
import { listJobs, listRepositories } from "./store-contents.js";
import { jobDirectory, repoDirectory } from "./store-paths.js";

it("lists repositories with their decoded names and where they are", async () => {
  const { path: root, join } = await temporaryDirectory();
  await claimRepository(root, { name: "my repo", path: "/src/my repo" });
  mkdirSync(repoDirectory(root, "shop"));
  mkdirSync(join("events", ".trash"));
  writeFileSync(join("events", "a file"), "");
  expect(await listRepositories(root)).toEqual([
    { name: "my repo", directory: join("events", "my%20repo"), path: "/src/my repo" },
    { name: "shop", directory: join("events", "shop"), path: undefined },
  ]);
});

it("lists jobs with their decoded ids, and the events of no job without one", async () => {
  const { path: root } = await temporaryDirectory();
  for (const jobId of ["job-1", "a/b", "_no-job", undefined]) {
    mkdirSync(jobDirectory(root, "shop", jobId), { recursive: true });
  }
  expect((await listJobs(root, "shop")).map(({ jobId }) => jobId)).toEqual([
    "_no-job",
    undefined,
    "a/b",
    "job-1",
  ]);
  expect((await listJobs(root, "shop")).at(-1)?.directory).toBe(jobDirectory(root, "shop", "job-1"));
});

it("follows links to directories and passes those that lead nowhere", async () => {
  const { path: root, join } = await temporaryDirectory();
  mkdirSync(repoDirectory(root, "shop"), { recursive: true });
  mkdirSync(join("elsewhere"));
  symlinkSync(join("elsewhere"), jobDirectory(root, "shop", "linked"));
  symlinkSync(join("nowhere"), jobDirectory(root, "shop", "dangling"));
  expect((await listJobs(root, "shop")).map(({ jobId }) => jobId)).toEqual(["linked"]);
});

it("lists nothing where there is no store", async () => {
  const { path } = await temporaryDirectory();
  expect(await listRepositories(path)).toEqual([]);
  expect(await listJobs(path, "shop")).toEqual([]);
});
