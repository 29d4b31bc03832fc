import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openSealedJson, sealJson } from "./sealed-json.js";

it("is one line of JSON whose last member is the checksum of what comes before it", () => {
  const text = sealJson({ a: 1, b: "ü" });
  expect(JSON.parse(text)).toEqual({ a: 1, b: "ü", checksum: expect.stringMatching(/^crc32:[0-9a-f]{8}$/) });
  expect(text).toBe(
    `{"a":1,"b":"ü","checksum":"crc32:${crc32('{"a":1,"b":"ü"').toString(16).padStart(8, "0")}"}\n`,
  );
});

it("gives back what was sealed", () => {
  const members = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
  fc.assert(
    fc.property(members, (value) => {
      const expected = JSON.parse(JSON.stringify(value)) as unknown;
      expect(openSealedJson(sealJson(value))).toEqual(expected);
    }),
  );
});

it("is not taken in by a checksum inside a value", () => {
  const value = { a: ',"checksum":"crc32:00000000"}\n' };
  expect(openSealedJson(sealJson(value))).toEqual(value);
});

it("notices every changed bit and every cut", () => {
  const bytes = Buffer.from(sealJson({ segment: "a", bytes: 17 }));
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const damaged = Buffer.from(bytes);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(openSealedJson(damaged.toString("utf8")), `bit ${bit}`).toBeUndefined();
  }
  for (let length = 0; length < bytes.length; length += 1) {
    expect(openSealedJson(bytes.toString("utf8", 0, length)), `length ${length}`).toBeUndefined();
  }
});

it("is damaged when it is sealed but not JSON", () => {
  const body = '{"a":';
  const checksum = crc32(body).toString(16).padStart(8, "0");
  expect(openSealedJson(`${body},"checksum":"crc32:${checksum}"}\n`)).toBeUndefined();
});
