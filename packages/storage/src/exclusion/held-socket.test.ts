import { expect, it } from "vitest";
import { holdSocket } from "./held-socket.js";
import { socketName } from "./socket-name.js";

const name = () => socketName("recovery", `/${process.pid}/${performance.now()}`);

it.runIf(process.platform === "linux")(
  "is given to one at a time, and to the next once it is let go",
  async () => {
    const socket = name();
    const held = await holdSocket(socket);
    expect(held).toBeTypeOf("object");
    expect(await holdSocket(socket)).toBe("taken");
    if (typeof held === "object") await held.release();
    const next = await holdSocket(socket);
    expect(next).toBeTypeOf("object");
    if (typeof next === "object") await next.release();
  },
);

it("is not to be had under a name that no socket can have", async () => {
  expect(await holdSocket(`/nowhere/${"x".repeat(40)}/socket`)).toBeUndefined();
});
