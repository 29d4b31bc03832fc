import type { DataSets } from "../store/data-sets.js";
import type { Tools } from "../tools/tools.js";

/** How large everything is. */
export interface Scale {
  smallMib: number;
  mainMib: number;
  largeMib: number;
  segments: number;
  /** Events per run of the write rows. */
  events: number;
  /** Calls of `log()` that are timed one by one. */
  calls: number;
  /** Lines that are appended while `follow` runs. */
  followed: number;
}

export const fullScale: Scale = {
  smallMib: 2,
  mainMib: 512,
  largeMib: 2048,
  segments: 5000,
  events: 1_000_000,
  calls: 300_000,
  followed: 300,
};

export const quickScale: Scale = {
  smallMib: 2,
  mainMib: 64,
  largeMib: 256,
  segments: 500,
  events: 100_000,
  calls: 100_000,
  followed: 100,
};

/** As small as it can be with every row still run: for the test of the bench itself. */
export const tinyScale: Scale = {
  smallMib: 0.2,
  mainMib: 1,
  largeMib: 2,
  segments: 5,
  events: 2000,
  calls: 2000,
  followed: 5,
};

/** What rows are made of. */
export interface Bench {
  scale: Scale;
  tools: Tools;
  data: DataSets;
  /** Where rows may leave what they need for a while. */
  workFolder: string;
}
