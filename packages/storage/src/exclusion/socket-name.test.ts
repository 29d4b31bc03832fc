import { expect, it } from "vitest";
import { socketName } from "./socket-name.js";

it.each(["clean", "recovery"] as const)(
  "names an abstract socket for the %s of a path, in the full length that a name can have",
  (work) => {
    const name = socketName(work, "/home/me/.prodigy");
    expect(name).toMatch(new RegExp(`^\\0prodigy-events-${work}-[0-9a-f]{32}\\.+$`));
    expect(Buffer.byteLength(name)).toBe(108);
  },
);

it("names one socket per path, however long the path is", () => {
  expect(socketName("clean", "/a")).toBe(socketName("clean", "/a"));
  expect(socketName("clean", "/a")).not.toBe(socketName("clean", "/b"));
  expect(socketName("clean", `/${"long/".repeat(800)}`)).toHaveLength(108);
});
