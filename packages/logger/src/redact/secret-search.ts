import { builtinEvents } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import { type JsonLevel, type JsonVisitor, rewriteJsonStrings } from "./json-strings.js";
import { isSecretValue, type SecretName } from "./key-words.js";
import { nameBeside } from "./neighbours.js";
import type { RedactionRules } from "./redaction-rules.js";
import { failedMark, isMark, markOf, markStart, replaceSpans } from "./secret-span.js";

/** A secret that was replaced. */
export interface ReplacedSecret {
  readonly kind: string;
  /** The field: `event.parameters.command`; below a string that holds JSON, that of its inside. */
  readonly path: string;
  /** The string that held it, with all its secrets replaced, and where the mark of this one begins in it. */
  readonly replaced: string;
  readonly markAt: number;
}

/** Told of every secret that is replaced. */
export type SecretSink = (secret: ReplacedSecret) => void;

/** What holds for a value because of the keys above it. */
interface Note {
  /** The kind of everything below a key with a secret's name. */
  readonly kind: string | undefined;
  /** What the key right above says; of the value itself, not of what is below it. */
  readonly name: SecretName | undefined;
  readonly isAllowed: boolean;
}

const nothing: Note = { kind: undefined, name: undefined, isAllowed: false };

/** The kind of a value that could not be searched. */
export const failedKind = "not-searched";

/** The fields of built-in events: their names are known not to be those of secrets. */
const declaredFields: ReadonlySet<string> = new Set(
  [...builtinEvents.definitions.values()].flatMap(({ fields }) => fields.map(({ name }) => name)),
);

/** Where a string stands. */
interface Place {
  path(): string;
  /** How many times a string that holds JSON was entered. */
  readonly depth: number;
}

/** Finds the secrets of JSON texts by the rules, and replaces them. */
export class SecretSearch {
  readonly #rules: RedactionRules;

  constructor(rules: RedactionRules) {
    this.#rules = rules;
  }

  /** A JSON text with the secrets of its strings and keys replaced; what is no string stays as it is. */
  rewriteJson(json: string, sink: SecretSink): string {
    return this.#rewrite(json, undefined, sink);
  }

  /** A text with its secrets replaced; `undefined` when there are none. */
  rewriteText(text: string, sink: SecretSink, path = ""): string | undefined {
    return this.#replaceIn(text, { path: () => path, depth: 0 }, sink);
  }

  #rewrite(json: string, inside: Place | undefined, sink: SecretSink): string {
    const placeOf = (levels: readonly JsonLevel[]): Place => ({
      path: () => pathOf(inside?.path() ?? "", levels),
      depth: inside?.depth ?? 0,
    });
    const visitor: JsonVisitor = {
      inherit: (levels) => ({ ...noteOf(levels), name: undefined }),
      key: (name, levels) => {
        const level = levels.at(-1)!;
        const isDeclared = inside === undefined && isFieldOfEvent(levels) && declaredFields.has(name);
        const secret = isDeclared || name.includes(markStart) ? undefined : this.#rules.nameOfKey(name);
        const isAllowed = this.#rules.isAllowed(name, placeOf(levels).path);
        level.noted = { ...noted(secret), isAllowed } satisfies Note;
        if (noteOf(levels).isAllowed) return undefined;
        const place = { ...placeOf(levels), path: () => placeOf(levels.slice(0, -1)).path() };
        const replaced = this.#replaceIn(name, place, sink);
        if (replaced === undefined) return undefined;
        level.noted = { ...nothing, isAllowed };
        level.replacedKeys += 1;
        // Two keys must not become one.
        return level.replacedKeys === 1 ? replaced : `${replaced} ${level.replacedKeys}`;
      },
      value: (text, levels) => {
        const { kind = this.#kindOf(levels, text), isAllowed } = noteOf(levels);
        if (isAllowed || text === "") return undefined;
        const place = placeOf(levels);
        if (kind === undefined) return this.#replaceIn(text, place, sink);
        if (isMark(text)) return undefined;
        return this.#replaceWhole(kind, markOf(kind), place, sink);
      },
    };
    return rewriteJsonStrings(json, visitor);
  }

  /** The kind of a value that only its own key names, or a string beside it. */
  #kindOf(levels: readonly JsonLevel[], text: string): string | undefined {
    let { name } = noteOf(levels);
    if (name === undefined) {
      const beside = nameBeside(levels, text);
      name = beside?.includes(markStart) === false ? this.#rules.nameOfKey(beside) : undefined;
    }
    return name !== undefined && isSecretValue(name, text) ? name.kind : undefined;
  }

  /** Fails closed: a text that cannot be searched is replaced as a whole. */
  #replaceIn(text: string, place: Place, sink: SecretSink): string | undefined {
    try {
      if (!this.#rules.isSuspicious(text)) return undefined;
      if (isJson(text)) return this.#replaceInJson(text, place, sink);
      // First what a text holds of JSON, whose keys say more than any pattern knows.
      const rest = holdsJson(text) ? (this.#replaceInJson(text, place, sink) ?? text) : text;
      const replaced = this.#replaceSpans(rest, place, sink);
      return replaced === text ? undefined : replaced;
    } catch {
      return this.#replaceWhole(failedKind, failedMark, place, sink);
    }
  }

  #replaceSpans(text: string, { path }: Place, sink: SecretSink): string {
    const spans = this.#rules.secretsIn(text);
    if (spans.length === 0) return text;
    const { text: replaced, marks } = replaceSpans(text, spans);
    for (const { kind, at } of marks) sink({ kind, path: path(), replaced, markAt: at });
    return replaced;
  }

  #replaceInJson(text: string, place: Place, sink: SecretSink): string | undefined {
    if (place.depth >= limits.maxNestedJson) return this.#replaceWhole(failedKind, failedMark, place, sink);
    const replaced = this.#rewrite(text, { ...place, depth: place.depth + 1 }, sink);
    return replaced === text ? undefined : replaced;
  }

  #replaceWhole(kind: string, mark: string, { path }: Place, sink: SecretSink): string {
    sink({ kind, path: path(), replaced: mark, markAt: 0 });
    return mark;
  }
}

/** What the keys above the current value say of it; below a key that says nothing, what is above goes on. */
function noteOf(levels: readonly JsonLevel[]): Note {
  const level = levels.at(-1);
  if (level === undefined) return nothing;
  const inherited = level.inherited as Note;
  const noted = level.noted as Note | undefined;
  if (noted === undefined) return inherited;
  return {
    kind: noted.kind ?? inherited.kind,
    name: noted.name,
    isAllowed: noted.isAllowed || inherited.isAllowed,
  };
}

/** What a name says: of everything below it, or, where it is also that of other things, of its value only. */
function noted(name: SecretName | undefined): Omit<Note, "isAllowed"> {
  return name?.isSecret === undefined ? { kind: name?.kind, name: undefined } : { kind: undefined, name };
}

function isFieldOfEvent(levels: readonly JsonLevel[]): boolean {
  return levels.length === 2 && levels[0]?.key === "event" && !levels[0].isArray;
}

/** Whether a text is JSON that can hold further strings, and nothing else. */
export function isJson(text: string): boolean {
  if (!/^\s{0,100}["[{]/.test(text) || !/["\]}]\s{0,100}$/.test(text.slice(-101))) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // only looks like it
  }
}

/** Whether there is the beginning of an object or array with strings in a text. */
function holdsJson(text: string): boolean {
  return /[[{]\s{0,16}"/.test(text);
}

function pathOf(prefix: string, levels: readonly JsonLevel[]): string {
  let path = prefix;
  for (const { isArray, key, index } of levels.slice(0, limits.maxPathLevels)) {
    const name = key.length > limits.maxPathKeyLength ? `${key.slice(0, limits.maxPathKeyLength)}…` : key;
    path += isArray ? `[${index}]` : path === "" ? name : `.${name}`;
  }
  return path;
}
