/** Which units have been taken to be scanned: shared by all threads of a scan. */
export type Claims = Int32Array<SharedArrayBuffer>;

const nextUnit = 0;
const isStopped = 1;
/** Found bytes in KiB, so that no amount of them overflows. */
const foundKiB = 2;
const maxFoundKiB = 3;

export function newClaims(maxFoundBytes: number): Claims {
  const claims = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT));
  claims[maxFoundKiB] = Math.min(2 ** 31 - 1, Math.ceil(maxFoundBytes / 1024));
  return claims;
}

/** The next unit that nobody has taken; `undefined` if there is none, or no more is wanted. */
export function claimUnit(claims: Claims, units: number): number | undefined {
  if (Atomics.load(claims, isStopped) !== 0) return undefined;
  const unit = Atomics.add(claims, nextUnit, 1);
  return unit < units ? unit : undefined;
}

/** Notes how much was found; false when there is so much that nothing further should be begun. */
export function noteFound(claims: Claims, bytes: number): boolean {
  const before = Atomics.add(claims, foundKiB, Math.ceil(bytes / 1024));
  return before + Math.ceil(bytes / 1024) <= Atomics.load(claims, maxFoundKiB);
}

export function stopClaims(claims: Claims): void {
  Atomics.store(claims, isStopped, 1);
}
