import type { Random } from "../random.js";
import type { Damage } from "./damage.js";

/** A file that is damaged, and who looks at what comes of it. */
export interface DamageSubject {
  /** The content of the file before. */
  readonly bytes: Buffer;
  /** Damages the file, asks questions of the store and has it verified. What throws is a finding. */
  judge(damage: Damage, random: Random): Promise<DamageFindings>;
}

/** What came of one damage. */
export interface DamageFindings {
  readonly lost: number;
  readonly dup: number;
  readonly texts: readonly string[];
  /** `told`: whoever verifies learns of it · `harmless`: nothing that the file holds is another · `overlooked`: neither. */
  readonly detection: "told" | "harmless" | "overlooked";
  /** Things that were met, each counted once. */
  readonly met: readonly string[];
}
