import { describe, expect, it } from "vitest";
import { archivePlace, pathWithin } from "./archive-place.js";

describe("the place of a segment in the archive", () => {
  it("mirrors its place in the store", () => {
    const place = archivePlace(
      { directory: "/home/me/.prodigy/events/my-repo/job-1" },
      "/home/me/.prodigy",
      "/backup",
    );
    expect(place).toBe("/backup/my-repo/job-1");
  });

  it("is one of its own for every directory outside the store", () => {
    const place = (directory: string) => archivePlace({ directory }, "/home/me/.prodigy", "/backup");
    expect(place("/home/me/a/.prodigy/events")).toMatch(/^\/backup\/_files\/events-[0-9a-f]{8}$/);
    expect(place("/home/me/a/.prodigy/events")).not.toBe(place("/home/me/b/.prodigy/events"));
    expect(place("/")).toMatch(/^\/backup\/_files\/root-[0-9a-f]{8}$/);
  });

  it("tells directories apart whose names are not UTF-8", () => {
    const place = (directory: string) => archivePlace({ directory }, undefined, "/backup");
    expect(place("/a\udc9b/e")).not.toBe(place("/a\udc9c/e"));
    expect(place("/a\udc9b")).toMatch(/^\/backup\/_files\/a%EF%BF%BD-[0-9a-f]{8}$/);
    expect(place("/a\udc9b")).not.toBe(place("/a\ufffd"));
  });

  it.each(["", "/my-repo", "/my-repo/job-1/deeper"])(
    "is one of its own for events%s, which is no job's directory",
    (directory) => {
      const root = "/home/me/.prodigy";
      expect(archivePlace({ directory: `${root}/events${directory}` }, root, "/backup")).toMatch(
        /^\/backup\/_files\/[^/]+-[0-9a-f]{8}$/,
      );
    },
  );

  it("may lie below a directory outside the store, as the default one does for a file in the home directory", () => {
    const place = archivePlace({ directory: "/home/me" }, "/home/me/.prodigy", "/home/me/.prodigy/archive");
    expect(place).toMatch(/^\/home\/me\/\.prodigy\/archive\/_files\/me-/);
  });

  it("needs no store", () => {
    expect(archivePlace({ directory: "/logs" }, undefined, "/backup")).toMatch(/^\/backup\/_files\/logs-/);
  });

  it.each([
    ["/s/events", "/s/events/repo/job", "/s"],
    ["/s/events/repo/job/old", "/s/events/repo/job", "/s"],
  ])("is refused in %s for %s, where it would be read as live", (archive, directory, root) => {
    expect(() => archivePlace({ directory }, root, archive)).toThrow(
      expect.objectContaining({
        code: "BAD_ARCHIVE_DIRECTORY",
        path: archive,
        message: `the archive ${archive} would be among the live events, and be read as if nothing had been removed; choose a directory outside of /s/events`,
      }),
    );
  });
});

it.each([
  ["/a", "/a/b/c", "b/c"],
  ["/a", "/a", ""],
  ["/a", "/ab", undefined],
  ["/a/b", "/a", undefined],
  ["/a", "/a/..b", "..b"],
])("the path within %s of %s is %s", (ancestor, path, expected) => {
  expect(pathWithin(ancestor, path)).toBe(expected);
});
