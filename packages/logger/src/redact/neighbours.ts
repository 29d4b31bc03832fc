import type { JsonLevel } from "./json-strings.js";

/** Flags of a command line, and headers as lists of names and values have them. */
const flag = /^--?([\w.-]{1,100})$/;
const headerName = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key)$/i;

/** Keys of what names a value, and of that value: `{"name": "DB_PASSWORD", "value": …}`. */
const labelKey =
  /^(?:(?:env|field|header|option|param|parameter|setting|variable|var)?[-_]?(?:key|name)|env|field|header|option|param|parameter|setting|variable|var)$/i;
const valueKey = /^(?:(?:env|field|header|option|param|parameter|setting|variable|var)[-_]?)?val(?:ue)?$/i;

const environmentName = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const looksLikeName = /^[A-Za-z_][A-Za-z_.-]*\d{0,2}$/;

/** Whether a key is one under which the name of the value beside it stands. */
export function isLabelKey(key: string): boolean {
  return labelKey.test(key);
}

/**
 * The string beside a value that names it: a flag or a header before it in a list, the first of a pair, the label in an
 * object with label and value. `undefined` when there is none.
 */
export function nameBeside(levels: readonly JsonLevel[], text: string): string | undefined {
  const level = levels.at(-1);
  if (level === undefined) return undefined;
  if (!level.isArray) return valueKey.test(level.key) ? level.label : undefined;
  const { previous } = level;
  if (previous === undefined) return undefined;
  if (headerName.test(previous)) return previous;
  const name = flag.exec(previous)?.[1];
  if (name !== undefined) return text.startsWith("-") ? undefined : name;
  return isPair(levels, previous, text) ? previous : undefined;
}

/**
 * Whether two strings are name and value, and not two names such as a schema's `required` has. In a list of pairs, such
 * as `Object.entries(process.env)`, they are; a pair by itself must have something for a value that looks like no name.
 */
function isPair(levels: readonly JsonLevel[], first: string, second: string): boolean {
  const { index, isLast } = levels.at(-1)!;
  if (index !== 1 || !isLast) return false;
  if (levels.at(-2)?.isArray) return true;
  if (environmentName.test(first)) return !environmentName.test(second);
  return !/\s/.test(second) && !looksLikeName.test(second);
}
