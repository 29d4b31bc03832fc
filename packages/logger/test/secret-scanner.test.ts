import { describe, expect, it } from "vitest";
import { createSecretScanner, LoggerOptionsError } from "../src/index.js";
import { givingAway, innocent, plainSecret, secretSamples } from "./secret-samples.js";

const scanner = createSecretScanner();
const line = (event: object) => JSON.stringify({ id: "1", event });

describe("a scanner", () => {
  it.each(secretSamples)("finds $kind, says where, and does not show it", ({ kind, secret }) => {
    const findings = scanner.scan(line({ event_type: "x", parameters: [{ command: `run ${secret} now` }] }));
    expect(findings.map(({ kind, path }) => ({ kind, path }))).toEqual([
      { kind, path: "event.parameters[0].command" },
    ]);
    expect(findings[0]?.preview).toBe(`run [REDACTED:${kind}] now`);
  });

  it.each(secretSamples)(
    "finds $kind in a line that is cut off, and in one that is no JSON",
    ({ kind, secret }) => {
      const whole = line({ event_type: "x", error: secret });
      expect(scanner.scan(whole.slice(0, -2)).map(({ kind }) => kind)).toEqual([kind]);
      expect(scanner.scan(whole.slice(0, -3)).map(({ kind }) => kind)).toEqual([kind]);
      expect(scanner.scan(`${secret} logged`)).toEqual([
        { kind, path: "", preview: `[REDACTED:${kind}] logged` },
      ]);
    },
  );

  it.each(givingAway)("finds what gives itself away, in and out of JSON: %s", (text) => {
    for (const given of [line({ text }), line({ text }).slice(0, -1), text]) {
      const findings = scanner.scan(given);
      expect(findings.length, given).toBeGreaterThan(0);
      expect(JSON.stringify(findings)).not.toContain(plainSecret);
    }
  });

  it.each(innocent)("finds nothing in %s", (text) => {
    expect(scanner.scan(line({ text }))).toEqual([]);
    expect(scanner.scan(text)).toEqual([]);
  });

  it("finds nothing in what a logger has redacted", () => {
    expect(
      scanner.scan(line({ password: "[REDACTED:password]", text: "FOO_TOKEN=[REDACTED:token]" })),
    ).toEqual([]);
  });

  it("shows a part of a long text only", () => {
    const long = "lorem ipsum ".repeat(1_000);
    const [finding] = scanner.scan(line({ text: `${long}A_TOKEN=${plainSecret} ${long}` }));
    expect(finding?.preview).toMatch(/^….*A_TOKEN=\[REDACTED:token\] lorem.*…$/);
    expect(finding?.preview.length).toBeLessThan(100);
  });

  it("takes the options of a logger, and refuses the same", () => {
    const own = createSecretScanner({ patterns: [{ kind: "ticket", pattern: /T-\d+/ }], allow: ["note"] });
    expect(own.scan(line({ text: "T-1", note: "T-2" })).map(({ path }) => path)).toEqual(["event.text"]);
    expect(() => createSecretScanner({ keyWords: ["x"] })).toThrow(LoggerOptionsError);
  });
});
