import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { currentProcessIdentity, type ProcessIdentity } from "./identity.js";
import { producerLiveness } from "./liveness.js";
import type { Machine } from "./machine.js";
import type { ProcessStat } from "./process-stat.js";

const self: ProcessIdentity = {
  pid: 100,
  processStartTime: "5000",
  pidNamespace: "pid:[1]",
  bootId: "boot-1",
  machineId: "machine-1",
  host: "here",
};

const running: ProcessStat = { state: "S", threads: 11, startTime: "5000" };

function judged(
  producer: Partial<ProcessIdentity>,
  stat: ProcessStat | "gone" | undefined,
  us: Partial<ProcessIdentity> = {},
) {
  const machine = { processStat: () => stat } as unknown as Machine;
  return producerLiveness({ ...self, ...producer }, { ...self, ...us }, machine);
}

describe("producerLiveness", () => {
  it.each([
    ["its machine was booted since", { bootId: "boot-0" }, running],
    ["its pid is gone", {}, "gone"],
    ["its pid belongs to a process that started at another time", { processStartTime: "4000" }, running],
    ["its process is a zombie", {}, { ...running, state: "Z", threads: 1 }],
    ["its process is dead but still listed", {}, { ...running, state: "X", threads: 0 }],
  ] as const)("is dead when %s", (_kind, producer, stat) => {
    expect(judged(producer, stat)).toBe("dead");
  });

  it.each([
    ["its process is the same", {}, running],
    ["its process cannot be examined", {}, undefined],
    ["its start time was not known", { processStartTime: null }, running],
    ["only its main thread has ended", {}, { ...running, state: "Z", threads: 3 }],
    ["it is on another machine, whatever is here", { machineId: "machine-2", bootId: "boot-2" }, "gone"],
    ["it does not know its machine", { machineId: null }, "gone"],
    ["it does not know its boot", { bootId: null }, "gone"],
    ["it is in another pid namespace", { pidNamespace: "pid:[2]" }, "gone"],
    ["it does not know its pid namespace", { pidNamespace: null }, "gone"],
  ] as const)("is alive when %s", (_kind, producer, stat) => {
    expect(judged(producer, stat)).toBe("alive");
  });

  it.each([
    ["we do not know our machine", { machineId: null }],
    ["we do not know our boot", { bootId: null }],
    ["we do not know our pid namespace", { pidNamespace: null }],
  ])("is alive when %s", (_kind, us) => {
    expect(judged({}, "gone", us)).toBe("alive");
  });

  describe("where there are no machine ids", () => {
    it("takes an equal boot for the same machine", () => {
      expect(judged({ machineId: null }, "gone", { machineId: null })).toBe("dead");
    });

    it("takes another boot for no proof", () => {
      expect(judged({ machineId: null, bootId: "boot-0" }, "gone", { machineId: null })).toBe("alive");
    });
  });

  it("is right about real processes", async () => {
    const source = `
      import { currentProcessIdentity } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url))};
      process.stdout.write(JSON.stringify(currentProcessIdentity()));
      process.stdin.resume();`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    const identity = JSON.parse(output.toString()) as ProcessIdentity;
    expect(identity.pid).toBe(child.pid);
    expect(producerLiveness(identity)).toBe("alive");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(producerLiveness(identity)).toBe("dead");
    expect(producerLiveness(currentProcessIdentity())).toBe("alive");
  });
});

describe("currentProcessIdentity", () => {
  it("has no start time where the process cannot be examined", () => {
    const machine: Machine = {
      machineId: () => null,
      bootId: () => null,
      pidNamespace: () => null,
      processStat: () => undefined,
    };
    expect(currentProcessIdentity(machine)).toMatchObject({
      pid: process.pid,
      processStartTime: null,
      bootId: null,
    });
  });
});
