import { expect, it } from "vitest";
import { formatSegmentName, parseSegmentName } from "../segments/segment-name.js";
import { newProducerId } from "./producer-id.js";

it("is ten lower-case letters and digits, different every time, and fits into a segment's name", () => {
  const ids = new Set(Array.from({ length: 1_000 }, () => newProducerId()));
  expect(ids.size).toBe(1_000);
  for (const id of ids) {
    expect(id).toMatch(/^[a-z0-9]{10}$/);
    expect(parseSegmentName(formatSegmentName(0, id))?.producerId).toBe(id);
  }
});

it("drops the bytes that would make some characters likelier", () => {
  const bytes = [255, 0, 254, 35, 253, 36, 252, 71, 251, ...new Array<number>(11).fill(26)];
  expect(newProducerId(() => Uint8Array.from(bytes))).toBe("a9a9900000");
});

it("asks for more bytes until it has enough", () => {
  let calls = 0;
  const id = newProducerId((count) => {
    calls += 1;
    return new Uint8Array(count).fill(calls < 3 ? 255 : 0);
  });
  expect([id, calls]).toEqual(["aaaaaaaaaa", 3]);
});
