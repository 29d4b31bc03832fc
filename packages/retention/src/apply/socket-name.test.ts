import { expect, it } from "vitest";
import { socketName } from "./socket-name.js";

it("names an abstract socket for a path, in the full length that a name can have", () => {
  const name = socketName("/home/me/.prodigy");
  expect(name).toMatch(/^\0prodigy-events-clean-[0-9a-f]{32}\.+$/);
  expect(Buffer.byteLength(name)).toBe(108);
});

it("names one socket per path, however long the path is", () => {
  expect(socketName("/a")).toBe(socketName("/a"));
  expect(socketName("/a")).not.toBe(socketName("/b"));
  expect(socketName(`/${"long/".repeat(800)}`)).toHaveLength(108);
});
