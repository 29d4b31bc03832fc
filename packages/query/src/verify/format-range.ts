/** `producer k3f9a1c2 sequence 1200..1630 (431 records)`. */
export function formatRange(producerId: string, first: number, last: number): string {
  const count = Math.max(0, last - first + 1);
  const numbers = count > 1 ? `${first}..${last}` : `${first}`;
  return `producer ${producerId} sequence ${numbers} (${count} ${count === 1 ? "record" : "records"})`;
}
