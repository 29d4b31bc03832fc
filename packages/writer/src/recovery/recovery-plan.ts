import { finalNameOf, manifestDirectoryName, parseSegmentName } from "@prodigy-events/storage";

/** One thing that a crashed producer left undone. `segment` is the logical name. */
export interface RecoveryStep {
  /**
   * `seal`: durable and complete, but without the manifest that its name or a later segment tells of.
   * `rotate`: the same, and not yet renamed. `rename`: has its manifest, and not its name.
   * `compress`: rotated, or will be by then. `remove plain`: also there compressed.
   * `remove temporary`: half of a file that was never renamed.
   */
  readonly kind: "seal" | "rotate" | "rename" | "compress" | "remove plain" | "remove temporary";
  readonly producerId: string;
  readonly segment: string;
  /** The file concerned, relative to the job's directory. */
  readonly fileName: string;
}

/** The names found in a job's directory and in its `.manifest` directory. */
export interface DirectoryNames {
  readonly fileNames: readonly string[];
  readonly manifestNames: readonly string[];
}

interface OwnSegment {
  readonly producerId: string;
  readonly segment: string;
  readonly states: Set<string>;
}

const manifestSuffix = ".json";

/**
 * Says what is undone in a directory, from names alone. Whether a producer is dead, and whether the content is
 * what the names promise, is looked up only for what this returns: in a directory in good order, nothing.
 *
 * The newest plain segment of a producer is never touched: readers take it as the one that was being written.
 * Compressions, which take long, come last, and only with `compress`.
 */
export function planRecovery(
  { fileNames, manifestNames }: DirectoryNames,
  compress: boolean,
): RecoveryStep[] {
  const steps: RecoveryStep[] = [];
  const compressions: RecoveryStep[] = [];
  const stated = new Set(manifestNames);
  const own = ownSegments(fileNames);
  const newest = newestSegments(own);
  for (const { producerId, segment, states } of own) {
    const step = (kind: RecoveryStep["kind"], fileName: string) => ({ kind, producerId, segment, fileName });
    const isStated = stated.has(segment + manifestSuffix);
    const rotated = `${segment}.rotated`;
    if (states.has("rotated") && states.has("compressed")) steps.push(step("remove plain", rotated));
    else if (states.has("rotated")) {
      if (!isStated) steps.push(step("seal", rotated));
      if (!states.has("plain")) compressions.push(step("compress", rotated));
    } else if (states.has("plain") && !states.has("compressed") && newest.get(producerId) !== segment) {
      steps.push(step(isStated ? "rename" : "rotate", segment));
      compressions.push(step("compress", rotated));
    }
  }
  return [
    ...steps,
    ...temporaries(fileNames, ""),
    ...temporaries(manifestNames, `${manifestDirectoryName}/`),
    ...(compress ? compressions : []),
  ];
}

function ownSegments(fileNames: readonly string[]): OwnSegment[] {
  const found = new Map<string, OwnSegment>();
  for (const fileName of fileNames) {
    const name = parseSegmentName(fileName);
    if (name?.kind !== "own" || name.producerId === undefined) continue;
    const { logicalName: segment, producerId } = name;
    const entry = found.get(segment) ?? { producerId, segment, states: new Set<string>() };
    // Only our own compression's name counts; whatever else ends in .gz was put there by somebody else.
    if (name.state !== "compressed" || fileName === `${segment}.rotated.gz`) entry.states.add(name.state);
    found.set(segment, entry);
  }
  return [...found.values()].sort((a, b) => (a.segment < b.segment ? -1 : 1));
}

/** The last segment of every producer; names sort by time of creation. */
function newestSegments(sorted: readonly OwnSegment[]): Map<string, string> {
  return new Map(sorted.map(({ producerId, segment }) => [producerId, segment]));
}

function temporaries(names: readonly string[], directory: string): RecoveryStep[] {
  return names.flatMap((name): RecoveryStep[] => {
    const finalName = finalNameOf(name)?.replace(/\.json$/, "");
    const target = finalName === undefined ? undefined : parseSegmentName(finalName);
    if (target?.kind !== "own" || target.producerId === undefined) return [];
    const { producerId, logicalName: segment } = target;
    return [{ kind: "remove temporary", producerId, segment, fileName: directory + name }];
  });
}
