/** Bytes of lines of events, from the most frequent to rarer ones; those that are not among them are rarer still. */
const frequent = '"e,t:a_oisrndlc0123-gmpu45678 9hfbywT.Zvk';

/** Where in a text its two rarest bytes stand; in one with a single byte, that byte twice. */
export function rarestPlaces(text: Uint8Array): [number, number] {
  const places = [...text.keys()].sort((a, b) => rarity(text[b]!) - rarity(text[a]!));
  const one = places[0] ?? 0;
  // Two that are the same byte say less than two different ones.
  const other = places.find((place) => text[place] !== text[one]) ?? places[1] ?? one;
  return [one, other];
}

function rarity(byte: number): number {
  const rank = frequent.indexOf(String.fromCharCode(byte));
  return rank < 0 ? frequent.length : rank;
}
