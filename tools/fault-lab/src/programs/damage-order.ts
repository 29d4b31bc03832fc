import type { DamagedFile } from "../core/damage/damage-part.js";

/** Every `step`th damage to a file from number `first` on, as an argument in JSON. The answer is a tally, one JSON line. */
export interface DamageOrder {
  readonly file: DamagedFile;
  readonly first: number;
  readonly step: number;
  readonly seed: number;
  /** A folder of its own. */
  readonly directory: string;
}
