import { StorageError } from "../errors/storage-error.js";
import { limits } from "../limits.js";

const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const plainByte = /[A-Za-z0-9._-]/;

/**
 * The directory name for a repository or job. A name of letters, digits, `.`, `_` and `-` that begins with a
 * letter or digit, has no `..` and at most 128 characters stands as it is; of any other, each byte of its UTF-8
 * that is not such a character is written `%XX`, as is a first character that is not a letter or digit, and
 * every dot where the name has `..`. No two names share a directory, and none leaves its parent.
 *
 * @throws StorageError `INVALID_NAME` for an empty name or one that is not well-formed Unicode,
 *   `NAME_TOO_LONG` when the result has more than 255 bytes
 */
export function encodeName(name: string): string {
  if (name === "") throw new StorageError("INVALID_NAME", "a repository or job name must not be empty");
  const bytes = Buffer.from(name, "utf8");
  if (bytes.toString("utf8") !== name) {
    const message = `the name ${JSON.stringify(name)} is not well-formed Unicode (it has a lone surrogate); choose another`;
    throw new StorageError("INVALID_NAME", message);
  }
  if (plainName.test(name) && !name.includes("..") && name.length <= limits.maxPlainNameLength) return name;
  const encoded = percentEncode(bytes, name.includes(".."));
  if (encoded.length <= limits.maxNameBytes) return encoded;
  const message = `the name ${JSON.stringify(`${name.slice(0, 40)}…`)} needs ${encoded.length} bytes as a directory name, ${limits.maxNameBytes} are allowed; choose a shorter one`;
  throw new StorageError("NAME_TOO_LONG", message);
}

function percentEncode(bytes: Buffer, escapeDots: boolean): string {
  let encoded = "";
  for (const [index, byte] of bytes.entries()) {
    const character = String.fromCharCode(byte);
    const plain = index === 0 ? /[A-Za-z0-9]/.test(character) : plainByte.test(character);
    const isEscaped = !plain || (escapeDots && character === ".");
    encoded += isEscaped ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}` : character;
  }
  return encoded;
}

/**
 * The name that a directory stands for. Any directory name is taken: one that {@link encodeName} cannot have
 * made stands for itself.
 */
export function decodeName(directoryName: string): string {
  if (!directoryName.includes("%")) return directoryName;
  const bytes: number[] = [];
  for (let index = 0; index < directoryName.length; index += 1) {
    if (directoryName[index] !== "%") {
      bytes.push(directoryName.charCodeAt(index));
      continue;
    }
    const digits = directoryName.slice(index + 1, index + 3);
    if (!/^[0-9A-F]{2}$/.test(digits)) return directoryName;
    bytes.push(Number.parseInt(digits, 16));
    index += 2;
  }
  const decoded = Buffer.from(bytes).toString("utf8");
  return encodesTo(decoded, directoryName) ? decoded : directoryName;
}

function encodesTo(name: string, directoryName: string): boolean {
  try {
    return encodeName(name) === directoryName;
  } catch {
    return false; // a name that cannot be encoded has no directory
  }
}
