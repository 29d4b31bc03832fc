import { eventsDirectory } from "@prodigy-events/storage";
import { pathWithin } from "../plan/archive-place.js";

/** What only one clean or restore works on at a time: the store as a whole, and each directory outside of it. */
export function guardedPlaces(root: string | undefined, directories: Iterable<string>): Set<string> {
  const places = new Set<string>();
  for (const directory of directories) {
    const isInStore = root !== undefined && pathWithin(eventsDirectory(root), directory) !== undefined;
    places.add(isInStore ? root : directory);
  }
  return places;
}
