// Carries out a plan, or restores, and is killed at a certain change of the disk:
// node work-until-killed.mjs <plan.json> <store> <archive> clean|restore <nth change> before|middle
// "middle" is in the middle of a write, and before any other change. Ends by itself when there are fewer changes.
import { readFileSync } from "node:fs";
import { applyRetention, restoreArchive } from "@prodigy-events/retention";
import { nodeFileSystem } from "@prodigy-events/storage";

const [planPath, root, archiveDirectory, mode, nth, moment] = process.argv.slice(2);
const fs = { ...nodeFileSystem, fsync: async () => {}, fdatasync: async () => {} };
let changes = 0;

for (const operation of ["write", "rename", "link", "unlink", "mkdir"]) {
  const original = fs[operation];
  fs[operation] = async (...args) => {
    changes += 1;
    if (changes === Number(nth)) {
      const [fd, buffer, offset, length] = args;
      if (operation === "write" && moment === "middle") await original(fd, buffer, offset, length >> 1);
      process.kill(process.pid, "SIGKILL");
    }
    return original(...args);
  };
}
const open = fs.open;
fs.open = async (path, flags, mode) => {
  const isCreation = mode !== undefined;
  if (isCreation && ++changes === Number(nth)) process.kill(process.pid, "SIGKILL");
  return open(path, flags, mode);
};

if (mode === "restore") await restoreArchive({ root, archiveDirectory, fs });
else await applyRetention(JSON.parse(readFileSync(planPath, "utf8")), { fs });
