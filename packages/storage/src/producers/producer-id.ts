import { nodeCrypto } from "../files/node-crypto.js";
import { limits } from "../limits.js";

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * A new producer id: 10 characters of `a-z0-9`, each equally likely.
 *
 * @param random returns that many random bytes; `crypto.randomBytes` by default
 */
export function newProducerId(random: (count: number) => Uint8Array = nodeCrypto().randomBytes): string {
  let id = "";
  while (id.length < limits.producerIdLength) {
    for (const byte of random(2 * limits.producerIdLength)) {
      // 252 = 7 × 36: dropping the four bytes above keeps every character equally likely.
      if (byte < 252 && id.length < limits.producerIdLength) id += alphabet[byte % 36];
    }
  }
  return id;
}
