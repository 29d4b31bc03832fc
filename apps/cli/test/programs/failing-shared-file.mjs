// Loaded before the program: the first so many calls of some functions of node:fs on the shared file fail, as they do
// when the disk is full. $FAILING_CALLS is the number by function, as JSON.
import fs from "node:fs";

const remaining = new Map(Object.entries(JSON.parse(process.env.FAILING_CALLS)));

function fails(operation, fd) {
  const left = remaining.get(operation) ?? 0;
  if (left === 0 || !fs.readlinkSync(`/proc/self/fd/${fd}`).endsWith("events-shared.jsonl")) return false;
  remaining.set(operation, left - 1);
  return true;
}

function full(operation) {
  const message = `ENOSPC: no space left on device, ${operation}`;
  return Object.assign(new Error(message), { code: "ENOSPC", errno: -28, syscall: operation });
}

for (const operation of ["write", "fdatasync"]) {
  const original = fs[operation];
  fs[operation] = (fd, ...args) => {
    if (fails(operation, fd)) setImmediate(args.at(-1), full(operation));
    else original(fd, ...args);
  };
}
for (const operation of ["writeSync", "fsyncSync"]) {
  const original = fs[operation];
  fs[operation] = (fd, ...args) => {
    if (fails(operation, fd)) throw full(operation);
    return original(fd, ...args);
  };
}
