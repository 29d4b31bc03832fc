import { describe, expect, it } from "vitest";
import {
  archiveDirectory,
  eventsDirectory,
  jobDirectory,
  repoDirectory,
  storePlaceOf,
} from "./store-paths.js";

describe("the paths of a store", () => {
  it("are a tree of repositories and jobs", () => {
    expect(eventsDirectory("/root")).toBe("/root/events");
    expect(archiveDirectory("/root")).toBe("/root/archive");
    expect(repoDirectory("/root", "my repo")).toBe("/root/events/my%20repo");
    expect(jobDirectory("/root", "shop", "../x")).toBe("/root/events/shop/%2E%2E%2Fx");
  });

  it("have a place for events without a job that no job can take", () => {
    expect(jobDirectory("/root", "shop")).toBe("/root/events/shop/_no-job");
    expect(jobDirectory("/root", "shop", "_no-job")).toBe("/root/events/shop/%5Fno-job");
  });
});

describe("storePlaceOf", () => {
  it.each([
    ["/root/events/shop/job-1", { repo: "shop", jobId: "job-1" }],
    ["/root/archive/my%20repo/a%2Fb", { repo: "my repo", jobId: "a/b" }],
    ["/root/events/shop/_no-job", { repo: "shop", jobId: undefined }],
    ["/root/events/shop/%5Fno-job", { repo: "shop", jobId: "_no-job" }],
    ["/var/log/shop/job-1", undefined],
    ["/events", undefined],
    ["/", undefined],
  ])("of %s", (directory, place) => {
    expect(storePlaceOf(directory)).toEqual(place);
  });
});
