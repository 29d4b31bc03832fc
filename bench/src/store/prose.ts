const sentences: readonly ((item: string, n: number) => string)[] = [
  (item) => `I read \`${item}\` and its tests before I changed anything.`,
  (item, n) => `The "retry" path of ${item} doubled the backoff twice, so attempt ${n} waited ${n * 2} s.`,
  (_, n) => `All ${n} tests pass — naïve callers see no difference.`,
  (item) =>
    `Here is the change:\n\n\`\`\`ts\nif (attempt > 1) {\n\tawait wait("backoff", attempt);\n}\n\`\`\`\n(${item})`,
  (_, n) => `Größe vorher: ${n} KiB, nachher: ${n >> 1} KiB.`,
  (item) =>
    `Two tests in ${item} failed with "TypeError: Cannot read properties of undefined (reading 'id')".`,
  () => "The error only shows up when the cache is cold, which the old test never tried.",
  (item) => `関数 \`${item}\` の名前を変更しました。 動作は同じです。`,
  (_, n) => `Next I will look at the ${n} callers, then run the whole suite ✅.`,
  (item) => `The path is C:\\work\\${item.replaceAll("/", "\\")} on the Windows runner.`,
  () => "I left the public types as they are; nothing that is exported changes.",
  (_, n) =>
    `Coverage went from ${n % 40}.4 % to ${60 + (n % 40)}.1 %, mostly in branches that nobody took before.`,
];

/** Sentences as an assistant writes them about `item`; `whole(n)` draws a whole number below n. */
export function drawProse(whole: (below: number) => number, item: string, count: number): string {
  const drawn: string[] = [];
  while (drawn.length < count) {
    const sentence = sentences[whole(sentences.length)] as (typeof sentences)[number];
    drawn.push(sentence(item, 1 + whole(200)));
  }
  return drawn.join(" ");
}
