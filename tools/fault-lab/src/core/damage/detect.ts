import type { Store } from "@prodigy-events/query";

/** Says whether a verification of the store finds anything wrong with it. */
export type Detect = (store: Store) => Promise<boolean>;

/** Asks as a user does. */
export const detectByVerify: Detect = async (store) => !(await store.verify({ deep: true })).sound;
