import { QueryError } from "../errors.js";
import { kernelBase64 } from "../generated/kernel-bytes.js";
import { rarestPlaces } from "./rarest-places.js";

/** The columns whose values are texts, by their numbers in the kernel. */
export const column = { type: 0, job: 1, agent: 2, item: 3, correlation: 4, producer: 5 } as const;
export type Column = (typeof column)[keyof typeof column];

/** The code of a text that a record does not have. */
export const absent = 0;
/** The code of a text that is not told from others: the column was not asked for, or its dictionary is full. */
export const unlisted = 0xffff_ffff;
/** Codes of texts are below this number. */
export const codeCount = 65_537;

/** Rows for which there is room: those of a MiB of ordinary lines. Further ones are read in another go. */
export const maxRows = 4096;
/** Longer texts have no code. */
const maxTextBytes = 1024;
/** The kernel looks at whole vectors of bytes, so that it may read this far past the end, where it understands nothing. */
const slackBytes = 128;

/** The lines that the kernel read last. Overwritten by the next call. */
export interface Rows {
  count: number;
  /** 1 where the line is a record of which the columns tell everything; all other lines are left to the parser. */
  readonly isDecided: Uint8Array;
  /** 1 where a text that was looked for stands in the line, after `find`. */
  readonly isFound: Uint8Array;
  /** Of the line in the bytes that the kernel was given, with its end the place of the line feed. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** The instant: milliseconds since the Unix epoch, and nanoseconds within the millisecond. */
  readonly ms: Float64Array;
  readonly nanos: Uint32Array;
  /** -1 where there is none. */
  readonly sequences: Float64Array;
  /** By column: the code of the text, `absent` or `unlisted`. */
  readonly codes: readonly Uint32Array[];
}

/**
 * The scan kernel with memory of its own, which never grows. It reads lines of JSON and decides those that it has read
 * to their end and found to be plain records; see `kernel/kernel.ts`. Texts keep their codes until it is reset.
 *
 * @throws QueryError `SIMD_REQUIRED` where the runtime has no WebAssembly with SIMD
 */
export class Kernel {
  readonly rows: Rows;
  readonly inputBytes: number;
  readonly #exports: KernelExports;
  readonly #memory: Buffer;
  readonly #input: number;
  readonly #rowsStart: number;
  readonly #text: number;
  #next = 0;
  #end = 0;
  #isSealed = false;

  constructor(inputBytes: number) {
    this.#exports = instantiate();
    this.inputBytes = inputBytes;
    this.#input = this.#exports.allocate(inputBytes + slackBytes) >>> 0;
    this.#text = this.#exports.allocate(maxTextBytes) >>> 0;
    this.#rowsStart = this.#exports.allocate(maxRows * rowBytes) >>> 0;
    this.#memory = Buffer.from(this.#exports.memory.buffer);
    this.rows = rowsAt(this.#exports.memory.buffer, this.#rowsStart);
  }

  /** Where lines go that are read: those that stand at its beginning need not be copied to be loaded. */
  get room(): Buffer {
    return this.#memory.subarray(this.#input, this.#input + this.inputBytes);
  }

  /**
   * Takes whole lines, at most `inputBytes` of valid UTF-8, to be read by `read`.
   *
   * @param sealedBy the code of the producer that sealed the segment they are of. A line that begins like its records is then
   *   taken for one, of which `confirm` says whether it is
   */
  load(lines: Uint8Array, sealedBy: number = absent): void {
    if (lines.length > this.inputBytes || lines.at(-1) !== 0x0a)
      throw new RangeError("the kernel takes whole lines, and no more than it has room for");
    const isThere = lines.buffer === this.#memory.buffer && lines.byteOffset === this.#input;
    if (!isThere) this.#memory.set(lines, this.#input);
    this.#next = this.#input;
    this.#end = this.#input + lines.length;
    this.#exports.seal(sealedBy);
    this.#isSealed = sealedBy !== absent;
  }

  /** Reads the next of the lines into `rows`, with the columns of `mask`; false when there are none left. */
  read(mask: number): boolean {
    if (this.#next >= this.#end) return false;
    const { scan, stoppedAt } = this.#exports;
    this.rows.count = scan(this.#next, this.#end, this.#input, this.#rowsStart, maxRows, mask);
    this.#next = stoppedAt.value >>> 0;
    return true;
  }

  /** Whether a decided row is what a line that was read to its end tells; only of a sealed segment there is any doubt. */
  confirm(row: number): boolean {
    const { starts, sequences } = this.rows;
    return !this.#isSealed || this.#exports.confirm(this.#input + starts[row]!, sequences[row]!) !== 0;
  }

  /** Records of a type are not wanted: of those in a sealed segment no other column is read any more. */
  leaveOutType(code: number): void {
    this.#exports.leaveOutType(code);
  }

  /**
   * Whether the rows that were read last are all decided and of one producer, with numbers that follow each other and times that
   * never go back.
   */
  get isRun(): boolean {
    return this.#exports.isRun.value !== 0;
  }

  /** Bytes of the lines that were read last, with their line feeds. */
  get lineBytes(): number {
    return this.#exports.lineBytes.value >>> 0;
  }

  /** The code of a text; `unlisted` if the dictionary of the column has no room for it. */
  intern(of: Column, text: string): number {
    const bytes = Buffer.from(text);
    // A text with half a surrogate pair has no bytes of its own.
    if (bytes.length > maxTextBytes || bytes.toString() !== text) return unlisted;
    this.#memory.set(bytes, this.#text);
    return this.#exports.intern(of, this.#text, bytes.length) >>> 0;
  }

  /**
   * Makes `find` look for texts from now on; false if there are too many, or one is too long or has no bytes.
   *
   * @param foldsCase whether ASCII letters stand for both cases; they are given as small ones
   * @param leavesKeys whether what stands in the keys of a record does not count; of other lines anything may be said then
   */
  lookFor(texts: readonly string[], foldsCase: boolean, leavesKeys: boolean): boolean {
    this.#exports.clearLiterals(leavesKeys);
    return texts.every((text) => {
      const bytes = Buffer.from(text);
      if (bytes.length > maxTextBytes) return false;
      this.#memory.set(bytes, this.#text);
      const [one = 0, other = 0] = rarestPlaces(bytes);
      return this.#exports.addLiteral(this.#text, bytes.length, one, other, foldsCase) !== 0;
    });
  }

  /** Notes in `rows.isFound` in which of the lines that were read last one of the texts stands. */
  find(): void {
    const { count, starts, ends, isFound } = this.rows;
    this.#exports.findLiterals(this.#input, starts.byteOffset, ends.byteOffset, count, isFound.byteOffset);
  }

  /** Forgets all texts, whose codes are given again, and everything else, for another question. */
  reset(): void {
    this.#exports.reset();
    this.rows.count = 0;
    [this.#next, this.#end] = [0, 0];
  }

  /** The text of a code. */
  text(of: Column, code: number): string {
    const start = this.#exports.textStart(of, code) >>> 0;
    return this.#memory.toString("utf8", start, start + this.#exports.textLength(of, code));
  }
}

const columnCount = Object.keys(column).length;
/** Bytes of one row in all columns: their order is the kernel's. */
const rowBytes = 8 + 8 + 4 + 4 + 4 + 6 * 4 + 1 + 1;

function rowsAt(memory: ArrayBuffer, start: number): Rows {
  const sequences = start + maxRows * 8;
  const starts = sequences + maxRows * 8;
  const ends = starts + maxRows * 4;
  const nanos = ends + maxRows * 4;
  const codes = nanos + maxRows * 4;
  return {
    count: 0,
    ms: new Float64Array(memory, start, maxRows),
    sequences: new Float64Array(memory, sequences, maxRows),
    starts: new Uint32Array(memory, starts, maxRows),
    ends: new Uint32Array(memory, ends, maxRows),
    nanos: new Uint32Array(memory, nanos, maxRows),
    codes: Object.values(column).map((at) => new Uint32Array(memory, codes + at * maxRows * 4, maxRows)),
    isDecided: new Uint8Array(memory, codes + columnCount * maxRows * 4, maxRows),
    isFound: new Uint8Array(memory, codes + columnCount * maxRows * 4 + maxRows, maxRows),
  };
}

/** What the kernel exports; addresses are unsigned and come as signed numbers. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly stoppedAt: { readonly value: number };
  readonly lineBytes: { readonly value: number };
  readonly isRun: { readonly value: number };
  allocate(bytes: number): number;
  reset(): void;
  clearLiterals(inValuesOnly: boolean): void;
  addLiteral(start: number, length: number, one: number, other: number, foldsCase: boolean): number;
  findLiterals(base: number, starts: number, ends: number, count: number, found: number): void;
  intern(column: number, start: number, length: number): number;
  textStart(column: number, code: number): number;
  textLength(column: number, code: number): number;
  seal(producer: number): void;
  confirm(start: number, sequence: number): number;
  leaveOutType(code: number): void;
  scan(start: number, end: number, base: number, rows: number, maxRows: number, mask: number): number;
}

/** As much of the global `WebAssembly` as is used; the types of Node do not have it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

/** Compiled when it is first needed, once: a millisecond. */
let compiled: object | undefined;

function instantiate(): KernelExports {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyApi };
  if (compiled === undefined) {
    const bytes = Buffer.from(kernelBase64, "base64");
    if (WebAssembly?.validate(bytes)) compiled = new WebAssembly.Module(bytes);
  }
  if (WebAssembly === undefined || compiled === undefined) {
    throw new QueryError(
      "SIMD_REQUIRED",
      "this runtime has no WebAssembly with SIMD, which reading events needs: use a processor and a Node that have it, without --jitless",
    );
  }
  return new WebAssembly.Instance(compiled).exports as KernelExports;
}
