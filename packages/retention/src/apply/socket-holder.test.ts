import { once } from "node:events";
import { createServer } from "node:net";
import { socketName } from "@prodigy-events/storage";
import { expect, it } from "vitest";
import { findSocketHolder, socketInodes } from "./socket-holder.js";

it("reads the inodes of a name from the kernel's table, and of no other name", () => {
  const table = [
    "Num       RefCount Protocol Flags    Type St Inode Path",
    "00000000a2c81eef: 00000002 00000000 00010000 0001 01 637402 @mine",
    "00000000a2c81ef0: 00000002 00000000 00010000 0001 01 637403 @mine-too",
    "00000000a2c81ef2: 00000002 00000000 00010000 0001 01   402 @early", // as the kernel pads short numbers
    "00000000a2c81ef1: 00000003 00000000 00000000 0001 03 637404",
    "",
  ].join("\n");
  expect(socketInodes(table, "\0mine")).toEqual(new Set(["637402"]));
  expect(socketInodes(table, "\0early")).toEqual(new Set(["402"]));
  expect(socketInodes(table, "\0nobody")).toEqual(new Set());
});

it("finds this process by the socket it listens on, and nobody afterwards", async () => {
  const name = socketName("clean", `/test/${process.pid}`);
  const server = createServer();
  server.listen({ path: name, exclusive: true });
  await once(server, "listening");
  expect(await findSocketHolder(name)).toEqual({ pid: process.pid, uid: process.getuid!() });
  server.close();
  await once(server, "close");
  expect(await findSocketHolder(name)).toBeUndefined();
});
