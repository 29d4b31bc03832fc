export {
  type ChangingCall,
  type CrashingFileSystem,
  type CrashPoint,
  crashingFileSystem,
} from "./crashing-file-system.js";
export { errnoError } from "./errno-error.js";
export { type FakeClock, fakeClock } from "./fake-clock.js";
export type { Fault, FaultSelector } from "./fault.js";
export { type FaultyFileSystem, faultyFileSystem, type LoggedCall } from "./faulty-file-system.js";
export { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.js";
export { type TemporaryGitRepository, temporaryGitRepository } from "./temporary-git-repository.js";
