/** Times single calls of `log`, after some to warm up, and prints the quantiles in microseconds as JSON. */
export async function timeCalls(log, rest, events, count) {
  const times = new Float64Array(count);
  const warmUp = Math.min(50_000, count);
  for (let index = -warmUp; index < count; index += 1) {
    const event = events[(index + warmUp) % events.length];
    const started = performance.now();
    log(event, index + warmUp);
    const micros = (performance.now() - started) * 1000;
    if (index >= 0) times[index] = micros;
    if ((index + warmUp) % 1000 === 999) await rest();
  }
  times.sort();
  const at = (share) => times[Math.floor(count * share)];
  process.stdout.write(`${JSON.stringify({ p50: at(0.5), p99: at(0.99), "p99.9": at(0.999) })}\n`);
}
