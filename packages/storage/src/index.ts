export {
  type CleanLogEntry,
  type CleanLogReadOptions,
  cleanDirectoryName,
  cleanLogPath,
  readCleanLog,
  type SequenceRange,
} from "./clean/clean-log.js";
export { type Clock, systemClock } from "./clock.js";
export { type Compressed, type CompressOptions, compressSegment } from "./compression/compress-segment.js";
export { describeFileError, errnoOf } from "./errors/describe-file-error.js";
export { StorageError, type StorageErrorCode, type StorageErrorDetails } from "./errors/storage-error.js";
export { type HeldSocket, holdSocket } from "./exclusion/held-socket.js";
export { socketName } from "./exclusion/socket-name.js";
export {
  removeQuietly,
  renameDurably,
  syncDirectory,
  syncFile,
  writeFileDurably,
} from "./files/durable-file.js";
export type { FileSystem } from "./files/file-system.js";
export { nativePath } from "./files/native-path.js";
export { nodeFileSystem } from "./files/node-file-system.js";
export {
  type DirectoryPrivacy,
  directoryPrivacy,
  ensurePrivateDirectory,
  refuseOtherThanDirectorySync,
} from "./files/private-directory.js";
export {
  createPrivateFile,
  creationFlags,
  type OpenFile,
  openForReading,
  privateFileMode,
  readFully,
  writeFully,
} from "./files/regular-file.js";
export { openSealedJson, sealJson } from "./files/sealed-json.js";
export { readSmallFile } from "./files/small-file.js";
export { removeStaleTemporaries } from "./files/stale-temporaries.js";
export { finalNameOf, temporaryName } from "./files/temporary-name.js";
export { type AlteredMember, findAlteredMember } from "./gzip/find-altered-member.js";
export { listMembers, type Member } from "./gzip/list-members.js";
export { indexDirectoryName, indexPath, removeIndex } from "./indexes/index-file.js";
export { limits } from "./limits.js";
export { isAsWritten } from "./manifest/as-written.js";
export { ChecksumAccumulator, type Checksums } from "./manifest/checksum-accumulator.js";
export type { Manifest, RemovedRange, SupersededContent } from "./manifest/manifest.js";
export {
  hasManifest,
  manifestDirectoryName,
  manifestPath,
  readManifest,
  removeManifest,
  writeManifest,
} from "./manifest/manifest-file.js";
export {
  compareToManifest,
  type Mismatch,
  type Verification,
  verifyAgainstManifest,
} from "./manifest/verify.js";
export { claimRepository } from "./places/claim-repository.js";
export { findLocalFiles } from "./places/local-files.js";
export { decodeName, encodeName } from "./places/name-encoding.js";
export { type Repository, repositoryOf, worktreesOf } from "./places/repository.js";
export { type RootOptions, resolveRoot } from "./places/root.js";
export {
  listJobs,
  listJobsIn,
  listRepositories,
  type StoredJob,
  type StoredRepository,
} from "./places/store-contents.js";
export {
  archiveDirectory,
  eventsDirectory,
  jobDirectory,
  noJobDirectory,
  repoDirectory,
  type StorePlace,
  storePlaceOf,
} from "./places/store-paths.js";
export { currentProcessIdentity, type ProcessIdentity, type ProducerIdentity } from "./producers/identity.js";
export { type Liveness, producerLiveness } from "./producers/liveness.js";
export { appMachineId, type Machine, thisMachine } from "./producers/machine.js";
export type { ProcessStat } from "./producers/process-stat.js";
export {
  producerPath,
  producersDirectoryName,
  readProducer,
  registerProducer,
  removeProducer,
} from "./producers/producer-file.js";
export { newProducerId } from "./producers/producer-id.js";
export type { ContentPiece } from "./reading/content.js";
export { type ContentFormat, contentFormatOf, formatProbeBytes } from "./reading/content-format.js";
export type { Line, LineBlock, LineProblem, ProblemReason, ReadOptions } from "./reading/line.js";
export { type RangeEnd, RangeFile, type SegmentRange } from "./reading/range-file.js";
export { type BlockRules, linesOf, readBlocks } from "./reading/read-blocks.js";
export { type ContentReadOptions, readContent } from "./reading/read-content.js";
export { readLines } from "./reading/read-lines.js";
export { readLinesBackward, supportsBackward } from "./reading/read-lines-backward.js";
export {
  type ClosureOptions,
  type ClosureReason,
  isSegmentClosed,
  type ProducerState,
  producerState,
  type SegmentClosure,
  segmentClosure,
} from "./segments/closure.js";
export { listSegments } from "./segments/list-segments.js";
export { relocateSegment, resolveSegmentFile } from "./segments/resolve-segment.js";
export type { Segment } from "./segments/segment.js";
export {
  formatAsideName,
  formatSegmentName,
  parseSegmentName,
  type SegmentKind,
  type SegmentName,
  type SegmentOrigin,
  type SegmentState,
  sharedSegmentName,
} from "./segments/segment-name.js";
