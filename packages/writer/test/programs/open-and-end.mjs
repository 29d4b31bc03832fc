// Opens a writer in the job directory given, and has nothing else to do.
import { newProducerId, nodeFileSystem, systemClock } from "@prodigy-events/storage";
import { segmentWriter } from "@prodigy-events/writer";

const [root, directory] = process.argv.slice(2);
await segmentWriter().open({
  root,
  repo: "repo",
  directory,
  producerId: newProducerId(),
  fs: nodeFileSystem,
  clock: systemClock,
  onWarning: () => undefined,
});
