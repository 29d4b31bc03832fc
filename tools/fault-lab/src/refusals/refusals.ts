import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobDirectory } from "@prodigy-events/storage";
import { mountTmpfs } from "../disk/mounts.js";
import { programPath } from "../process/program-path.js";
import { runCommand } from "../process/run-command.js";
import type { Refusal } from "./refusal.js";

/** The user that nobody is. */
const nobody = 65_534;

/** Bytes after which files may not grow. */
const smallFileBytes = 65_536;

/** The job that all writers of this row log into. */
export const refusedJob = { repo: "refusals", jobId: "job" };

const recovered = ["WRITER_DEGRADED", "WRITER_RECOVERED"];

/** Every refusal of matrix row 13 that passes without a loss. */
export const refusals: readonly Refusal[] = [
  {
    title: "read-only file system (EROFS)",
    code: "EROFS",
    tells: recovered,
    async prepare(folder) {
      const mount = await mountTmpfs(join(folder, "disk"), "size=8m,ro");
      return {
        store: join(mount.path, "store"),
        heal: async () => {
          await runCommand("mount", "-o", "remount,rw", mount.path);
        },
        release: mount.release,
      };
    },
  },
  {
    title: "immutable directory (EPERM)",
    code: "EPERM",
    tells: recovered,
    async prepare(folder) {
      const store = join(folder, "store");
      const directory = jobDirectory(store, refusedJob.repo, refusedJob.jobId);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await runCommand("chattr", "+i", directory);
      const heal = async (): Promise<void> => {
        await runCommand("chattr", "-i", directory);
      };
      return { store, heal, release: heal };
    },
  },
  {
    title: "another user's directory (EACCES)",
    code: "EACCES",
    tells: recovered,
    async prepare() {
      const wrapper = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
      // Whether we may change users, and that user may read our programs, is seen before anything depends on it.
      await runCommand(wrapper[0] as string, ...wrapper.slice(1), "test", "-r", programPath("writer.js"));
      // Outside of the row's folder, which is closed to others.
      const open = await mkdtemp(join(tmpdir(), "prodigy-events-refusal-"));
      await chmod(open, 0o711);
      const store = join(open, "store");
      await mkdir(store, { mode: 0o700 });
      return {
        ...{ store, wrapper },
        heal: () => chown(store, nobody, nobody),
        release: () => rm(open, { recursive: true }),
      };
    },
  },
  {
    title: "file size limit (EFBIG)",
    code: "EFBIG",
    tells: recovered,
    async prepare(folder) {
      const wrapper = ["prlimit", `--fsize=${smallFileBytes}:unlimited`];
      await runCommand(wrapper[0] as string, ...wrapper.slice(1), "true");
      return {
        store: join(folder, "store"),
        wrapper,
        heal: async (pid) => {
          await runCommand("prlimit", "--pid", String(pid), "--fsize=unlimited");
        },
      };
    },
  },
  {
    title: "no inodes left (ENOSPC at open)",
    code: undefined,
    tells: ["ROTATION_POSTPONED"],
    async prepare(folder) {
      // Room for the directories and some segments; rotation at 4 KB wants many more.
      const mount = await mountTmpfs(join(folder, "disk"), "size=8m,nr_inodes=20");
      return {
        store: join(mount.path, "store"),
        order: { maxSegmentBytes: 4_000, compress: false },
        release: mount.release,
      };
    },
  },
  {
    title: "descriptor closed behind the logger's back (EBADF)",
    code: undefined,
    tells: ["SEGMENT_ABANDONED"],
    prepare: async (folder) => ({
      store: join(folder, "store"),
      order: { closesDescriptorAfter: 10, compress: false },
    }),
  },
];
