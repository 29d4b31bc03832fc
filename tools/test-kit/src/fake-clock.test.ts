import { expect, it } from "vitest";
import { fakeClock } from "./fake-clock.js";

it("shows the same time until it is moved", () => {
  const clock = fakeClock(1_000);
  expect([clock.now(), clock.now()]).toEqual([1_000, 1_000]);
  clock.advance(250);
  expect(clock.now()).toBe(1_250);
});

it("can step backwards, as a corrected clock does", () => {
  const clock = fakeClock(1_000);
  clock.advance(-400);
  expect(clock.now()).toBe(600);
});
