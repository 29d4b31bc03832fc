import { openStore } from "@prodigy-events/query";
import { encodeRecord } from "@prodigy-events/schema";
import type { Random } from "../random.js";
import { diskWith } from "../simulation/file-on-disk.js";
import { firstRecordMs } from "../test-records.js";
import { mutatedText } from "./mutate.js";

const directory = "/files";

/** Asks by a mutated glob, for types and for files, where there is one record of a mutated type in a file of a mutated name. */
export async function matchMutated(
  { globs, matched }: { readonly globs: readonly string[]; readonly matched: readonly string[] },
  random: Random,
): Promise<void> {
  const glob = (): string => mutatedText([...globs, ...matched], random);
  const fileName = `${mutatedText(matched, random).replaceAll(/[/\0]/g, "_")}.jsonl`;
  const record = encodeRecord({
    id: "1",
    timestamp: new Date(firstRecordMs).toISOString(),
    correlation_id: "",
    event: { event_type: mutatedText(matched, random) },
    metadata: {},
  });
  const fs = diskWith({ [`${directory}/${fileName}`]: Buffer.from(record) });
  const files = [random.pick([directory, `./${glob()}`])];
  const store = await openStore({ files, cwd: directory, env: {}, fs });
  for await (const _ of store.query({ eventTypes: [glob(), glob()] }).batches());
}
