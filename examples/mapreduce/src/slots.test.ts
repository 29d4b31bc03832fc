import { expect, it } from "vitest";
import { Slots } from "./slots.js";

it("never runs more tasks than there are slots, and runs them in the order they came", async () => {
  const slots = new Slots(2);
  const started: number[] = [];
  let active = 0;
  let mostActive = 0;
  const task = (number: number) => async () => {
    started.push(number);
    mostActive = Math.max(mostActive, ++active);
    await new Promise((resolve) => setImmediate(resolve));
    active--;
  };
  await Promise.all([1, 2, 3, 4, 5].map((number) => slots.run(task(number))));
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect(mostActive).toBe(2);
});

it("frees the slot of a task that fails", async () => {
  const slots = new Slots(1);
  await expect(slots.run(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  await expect(slots.run(async () => "next")).resolves.toBe("next");
});
