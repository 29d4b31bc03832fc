import { nodeCrypto } from "./node-crypto.js";

const pattern = /^\.(.+)\.([0-9a-f]{12})\.tmp$/;

/**
 * A name for a file that will be renamed to `finalName` once it is whole: hidden from readers by its dot, and
 * random, so that nobody can prepare a trap under it.
 */
export function temporaryName(finalName: string): string {
  return `.${finalName}.${nodeCrypto().randomBytes(6).toString("hex")}.tmp`;
}

/** The name that a temporary file was meant to get, or `undefined` when `name` is no temporary name of ours. */
export function finalNameOf(name: string): string | undefined {
  return pattern.exec(name)?.[1];
}
