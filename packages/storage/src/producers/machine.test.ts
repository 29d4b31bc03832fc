import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { appMachineId, thisMachine } from "./machine.js";

describe("thisMachine", () => {
  it("knows this boot and this pid namespace", () => {
    expect(thisMachine.bootId()).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(thisMachine.pidNamespace()).toMatch(/^pid:\[\d+\]$/);
  });

  it("does not give away the machine's id", () => {
    const text = existsSync("/etc/machine-id") ? readFileSync("/etc/machine-id", "utf8").trim() : "";
    expect(thisMachine.machineId()).not.toBe(text);
    expect(thisMachine.machineId()).toBe(thisMachine.machineId());
  });

  it("finds this process, always with the same start time", () => {
    const first = thisMachine.processStat(process.pid);
    expect(first).toMatchObject({ startTime: expect.stringMatching(/^\d+$/) });
    expect(thisMachine.processStat(process.pid)).toMatchObject({
      startTime: (first as { startTime: string }).startTime,
    });
  });

  it("finds a process of another user, or none", () => {
    expect(thisMachine.processStat(1)).not.toBe("gone");
  });

  it("knows that a process is gone", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    expect(thisMachine.processStat(child.pid as number)).toBe("gone");
  });
});

describe("appMachineId", () => {
  const id = "0123456789abcdef0123456789abcdef";

  it("is derived from the machine's id and cannot be turned back", () => {
    expect(appMachineId(`${id}\n`)).toBe(
      createHmac("sha256", id).update("prodigy-events").digest("hex").slice(0, 32),
    );
    expect(appMachineId(id.replace("0", "1"))).not.toBe(appMachineId(id));
  });

  it.each([undefined, "", "\n", "uninitialized\n", "0123", id.toUpperCase()])("is absent for %j", (text) => {
    expect(appMachineId(text)).toBeNull();
  });
});
