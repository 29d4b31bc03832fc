import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, Server } from "node:net";
import { nodeFileSystem, socketName } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { CleanSockets } from "./clean-socket.js";

const isLinux = process.platform === "linux";

async function newPlace(): Promise<string> {
  return (await temporaryDirectory()).path;
}

/** The name of a place's socket as `ss -xlp` shows it. */
const shownName = (place: string) => socketName("clean", place).replace("\0", "@").replace(/\.+$/, "");

/** Listens in this process on the socket of a place, as anybody can. */
async function squatOn(place: string): Promise<Server> {
  const server = createServer();
  server.listen({ path: socketName("clean", place), exclusive: true });
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return server;
}

async function isTaken(place: string): Promise<boolean> {
  const server = createServer();
  server.listen({ path: socketName("clean", place), exclusive: true });
  return once(server, "listening").then(
    () => new Promise((closed) => server.close(() => closed(false))),
    () => true,
  );
}

describe.runIf(isLinux)("the sockets of places", () => {
  it("are held until they are released, all of them", async () => {
    const places = [await newPlace(), await newPlace()];
    const sockets = await CleanSockets.acquire(places, nodeFileSystem);
    expect(await Promise.all(places.map(isTaken))).toEqual([true, true]);
    await sockets.release();
    expect(await Promise.all(places.map(isTaken))).toEqual([false, false]);
  });

  it("are refused with the process that holds one, and none is kept", async () => {
    const places = [await newPlace(), await newPlace(), await newPlace()];
    for (const place of places) {
      const squatter = await squatOn(place);
      await expect(CleanSockets.acquire(places, nodeFileSystem)).rejects.toMatchObject({
        code: "LOCKED",
        path: place,
        message: `process ${process.pid} is cleaning or restoring in ${place} (it holds ${shownName(place)}); wait until it has ended, or end it`,
      });
      squatter.close();
      await once(squatter, "close");
      expect(await Promise.all(places.map(isTaken))).toEqual([false, false, false]);
    }
  });

  it("go to one of two who want the same ones in another order", async () => {
    const places = [await newPlace(), await newPlace()];
    // Both have found out where the places are, before either takes a socket.
    let arrived = 0;
    let goOn: () => void = () => undefined;
    const everybodyIsThere = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const fsOfOne = () => {
      let asked = 0;
      const realpath = async (path: string) => {
        const real = await nodeFileSystem.realpath(path);
        asked += 1;
        if (asked === places.length) {
          arrived += 1;
          if (arrived === 2) goOn();
          await everybodyIsThere;
        }
        return real;
      };
      return { ...nodeFileSystem, realpath };
    };
    const both = await Promise.allSettled([
      CleanSockets.acquire(places, fsOfOne()),
      CleanSockets.acquire(places.toReversed(), fsOfOne()),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const one of both) if (one.status === "fulfilled") await one.value.release();
  });

  it("are released although somebody has connected to one and stays", async () => {
    const place = await newPlace();
    const sockets = await CleanSockets.acquire([place], nodeFileSystem);
    const client = connect(socketName("clean", place));
    onTestFinished(() => void client.destroy());
    client.on("error", () => undefined);
    await once(client, "close");
    await sockets.release();
    expect(await isTaken(place)).toBe(false);
  });

  it("are done without where the system allows none: the lock file is there all the same", async () => {
    const place = await newPlace();
    const refusal = vi.spyOn(Server.prototype, "listen").mockImplementation(function (this: Server) {
      process.nextTick(() => this.emit("error", Object.assign(new Error("listen EPERM"), { code: "EPERM" })));
      return this;
    });
    onTestFinished(() => refusal.mockRestore());
    const sockets = await CleanSockets.acquire([place], nodeFileSystem);
    refusal.mockRestore();
    expect(await isTaken(place)).toBe(false);
    await sockets.release();
  });

  it("are done without on systems that have no abstract names", async () => {
    const place = await newPlace();
    await squatOn(place);
    Object.defineProperty(process, "platform", { value: "darwin" });
    onTestFinished(() => void Object.defineProperty(process, "platform", { value: "linux" }));
    await (await CleanSockets.acquire([place], nodeFileSystem)).release();
  });

  it("need places that exist", async () => {
    const place = `${await newPlace()}/gone`;
    await expect(CleanSockets.acquire([place], nodeFileSystem)).rejects.toMatchObject({
      code: "ENOENT",
      path: place,
      message: expect.stringContaining(`cannot resolve ${place}: it does not exist`),
    });
  });
});

describe.runIf(isLinux)("a socket whose holder cannot be seen", () => {
  it("is refused without naming a process", async () => {
    const place = await newPlace();
    const squatter = await squatOn(place);
    // On its way to a process that is stopped, the socket is open, and in nobody's table of descriptors.
    const stopped = await stoppedProcess();
    await new Promise((sent) => stopped.send("take it", squatter, sent));
    squatter.close();
    await once(squatter, "close");
    await expect(CleanSockets.acquire([place], nodeFileSystem)).rejects.toMatchObject({
      code: "LOCKED",
      path: place,
      message: `a process of another user holds ${shownName(place)}, the lock of ${place}; nothing was changed. Logging goes on; have that process ended ('ss -xlp' lists it) and run this again`,
    });
  });

  async function stoppedProcess(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ["-e", "process.send('ready'); setInterval(() => {}, 60_000)"], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "message");
    child.kill("SIGSTOP");
    await expect.poll(() => readFile(`/proc/${child.pid}/stat`, "utf8")).toContain(") T ");
    return child;
  }
});
