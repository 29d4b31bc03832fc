/** Texts of which at least one stands in every text that a regular expression matches. */
export interface RequiredLiterals {
  readonly texts: readonly string[];
  /** Whether a text in which one of them stands always matches: the expression is nothing but these. */
  readonly areAll: boolean;
}

/** More alternatives than this are looked for no faster than all lines are tested. */
const maxTexts = 16;
/** Of a longer one the beginning is enough. */
const maxLength = 64;

/** What a part of an expression matches: exactly one of these texts, or unknown ones, each of which has one of `within`. */
interface Part {
  readonly exact: readonly string[] | undefined;
  readonly within: readonly string[] | undefined;
}

const unknown: Part = { exact: undefined, within: undefined };
const empty: Part = { exact: [""], within: undefined };

/** Stands for what is not understood: the whole expression is then looked for line by line. */
class NotUnderstood extends Error {}

/**
 * The texts that an expression cannot do without, for a quick look at what may match; `undefined` if there are none that
 * help. Letters are those of the expression, whose `i` flag is left to the caller.
 */
export function requiredLiterals({ source, flags }: RegExp): RequiredLiterals | undefined {
  if (flags.includes("v")) return undefined; // its classes have a grammar of their own
  const reader = new PatternReader(source, flags.includes("u"));
  let whole: Part;
  try {
    whole = reader.readAll();
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
  const areAll = whole.exact !== undefined && !reader.looksAround && !flags.includes("y");
  const texts = whole.exact ?? whole.within;
  if (!isOfUse(texts)) return undefined;
  const isCut = texts.some((text) => text.length > maxLength);
  return { texts: [...new Set(texts.map((text) => text.slice(0, maxLength)))], areAll: areAll && !isCut };
}

/** Reads an expression that the engine has accepted, for what each part must match. */
class PatternReader {
  /** Whether what stands around a match matters. */
  looksAround = false;
  readonly #source: string;
  readonly #isUnicode: boolean;
  #at = 0;

  constructor(source: string, isUnicode: boolean) {
    this.#source = source;
    this.#isUnicode = isUnicode;
  }

  readAll(): Part {
    const part = this.#readAlternatives();
    if (this.#at < this.#source.length) throw new NotUnderstood();
    return part;
  }

  #readAlternatives(): Part {
    let part = this.#readSequence();
    while (this.#takes("|")) part = either(part, this.#readSequence());
    return part;
  }

  #readSequence(): Part {
    /** What the last parts match together, as long as that is known. */
    let run: readonly string[] = [""];
    let within: readonly string[] | undefined;
    let isExact = true;
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at]!)) {
      const part = this.#readRepeated();
      if (part.exact && run.length * part.exact.length <= maxTexts) {
        const { exact } = part;
        run = run.flatMap((first) => exact.map((second) => first + second));
        continue;
      }
      isExact = false;
      within = better(within, better(run, part.within));
      run = part.exact ?? [""];
    }
    return isExact ? { exact: run, within: undefined } : { exact: undefined, within: better(within, run) };
  }

  #readRepeated(): Part {
    const part = this.#readOne();
    const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#source.slice(this.#at, this.#at + 40));
    if (!quantifier) return part;
    this.#at += quantifier[0].length;
    const isOnce = quantifier[1] === "1" && quantifier[2] === undefined;
    if (isOnce) return part;
    const isNeeded = quantifier[0][0] === "+" || Number(quantifier[1] ?? 0) > 0;
    return isNeeded ? { exact: undefined, within: part.exact ?? part.within } : unknown;
  }

  #readOne(): Part {
    const character = this.#next();
    if (character === "(") return this.#readGroup();
    if (character === "[") return this.#skipClass();
    if (character === "\\") return this.#readEscape();
    if (character === ".") return unknown;
    if (character === "^" || character === "$") return this.#around();
    if (character === "*" || character === "+" || character === "?") throw new NotUnderstood();
    return { exact: [character], within: undefined };
  }

  #readGroup(): Part {
    const isAround = /^\?(?:=|!|<=|<!)/.test(this.#source.slice(this.#at, this.#at + 3));
    const opening = /^\?(?::|=|!|<=|<!|<[^=!>][^>]*>)/.exec(this.#source.slice(this.#at));
    if (opening) this.#at += opening[0].length;
    else if (this.#source[this.#at] === "?") throw new NotUnderstood(); // modifiers, which newer engines know
    const part = this.#readAlternatives();
    if (!this.#takes(")")) throw new NotUnderstood();
    return isAround ? this.#around() : part;
  }

  #skipClass(): Part {
    for (let character = this.#next(); character !== "]"; character = this.#next()) {
      if (character === "\\") this.#next();
    }
    return unknown;
  }

  #readEscape(): Part {
    const character = this.#next();
    if (character === "b" || character === "B") return this.#around();
    if (/[dDsSwW]/.test(character)) return unknown;
    const control = controls.get(character);
    if (control !== undefined) return { exact: [control], within: undefined };
    // What is no letter and no digit stands for itself; of the others there are many kinds.
    if (/[A-Za-z0-9]/.test(character)) throw new NotUnderstood();
    return { exact: [character], within: undefined };
  }

  #around(): Part {
    this.looksAround = true;
    return empty;
  }

  #takes(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** The next character; of a pair of surrogates both, where the engine takes them for one. */
  #next(): string {
    const code = this.#isUnicode ? this.#source.codePointAt(this.#at) : this.#source.charCodeAt(this.#at);
    if (code === undefined || Number.isNaN(code)) throw new NotUnderstood();
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }
}

const controls: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["f", "\f"],
]);

function either(a: Part, b: Part): Part {
  if (a.exact && b.exact && a.exact.length + b.exact.length <= maxTexts)
    return { exact: [...a.exact, ...b.exact], within: undefined };
  const [left, right] = [a.exact ?? a.within, b.exact ?? b.within];
  const isFew = left && right && left.length + right.length <= maxTexts;
  return { exact: undefined, within: isFew ? [...left, ...right] : undefined };
}

/** The texts that are rarer: those of which the shortest is longer; of equally long ones the fewer. */
function better(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!isOfUse(a) || !isOfUse(b)) return isOfUse(a) ? a : b;
  const shortest = (texts: readonly string[]) => Math.min(...texts.map(({ length }) => length));
  const difference = shortest(b) - shortest(a) || a.length - b.length;
  return difference > 0 ? b : a;
}

function isOfUse(texts: readonly string[] | undefined): texts is readonly string[] {
  return texts !== undefined && !texts.includes("");
}
