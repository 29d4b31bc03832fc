type Crypto = typeof import("node:crypto");

/**
 * `node:crypto`, loaded when it is first asked for: an import of it takes longer than all of a small answer's reading,
 * which needs none of it.
 */
export function nodeCrypto(): Crypto {
  return process.getBuiltinModule("node:crypto");
}
