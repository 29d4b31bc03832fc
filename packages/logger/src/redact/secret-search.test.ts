import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodedCredentials,
  givingAway,
  innocent,
  innocentFields,
  plainSecret,
  secretSamples,
} from "../../test/secret-samples.js";
import { limits } from "../limits.js";
import type { RedactionOptions } from "./redaction-options.js";
import { RedactionRules } from "./redaction-rules.js";
import { type ReplacedSecret, SecretSearch } from "./secret-search.js";

const usual = new RedactionRules();

function redact(value: unknown, options?: RedactionOptions): { value: unknown; found: ReplacedSecret[] } {
  const found: ReplacedSecret[] = [];
  const rules = options === undefined ? usual : new RedactionRules(options);
  const json = new SecretSearch(rules).rewriteJson(JSON.stringify(value), (secret) => found.push(secret));
  return { value: JSON.parse(json), found };
}

const kindsAt = ({ found }: ReturnType<typeof redact>) => found.map(({ kind, path }) => `${path}: ${kind}`);

/** JSON in a string in JSON …, so many times. */
function nested(value: unknown, levels: number): unknown {
  return levels === 0 ? value : JSON.stringify(nested(value, levels - 1));
}

describe("the search for secrets", () => {
  it("replaces every string below a key with a secret's name, and nothing else", () => {
    const value = {
      user: "me",
      Credentials: { user: "me", list: ["a", ["b"]], n: 5, yes: true, none: null, empty: "" },
      after: "x",
    };
    expect(redact(value).value).toEqual({
      user: "me",
      Credentials: {
        user: "[REDACTED:credential]",
        list: ["[REDACTED:credential]", ["[REDACTED:credential]"]],
        n: 5,
        yes: true,
        none: null,
        empty: "",
      },
      after: "x",
    });
  });

  it("knows a secret by the string beside it", () => {
    expect(redact(["run", "--token", "abc", "--verbose", "x"]).value).toEqual([
      "run",
      "--token",
      "[REDACTED:token]",
      "--verbose",
      "x",
    ]);
    expect(redact(["--token", "--verbose"]).value).toEqual(["--token", "--verbose"]);
    expect(redact(["--token", 5, "x"]).value).toEqual(["--token", 5, "x"]);
    expect(redact(["Host", "h", "Cookie", "a=b"]).value).toEqual([
      "Host",
      "h",
      "Cookie",
      "[REDACTED:cookie]",
    ]);
    expect(redact({ name: "DB_PASSWORD", value: "x" }).value).toEqual({
      name: "DB_PASSWORD",
      value: "[REDACTED:password]",
    });
    expect(redact({ name: "x", value: "DB_PASSWORD" }).value).toEqual({ name: "x", value: "DB_PASSWORD" });
  });

  it("takes a list of two strings for name and value, but not two names", () => {
    expect(
      redact([
        ["A_TOKEN", "short"],
        ["PATH", "/bin"],
      ]).value,
    ).toEqual([
      ["A_TOKEN", "[REDACTED:token]"],
      ["PATH", "/bin"],
    ]);
    expect(redact({ a: ["A_TOKEN", "short"] }).value).toEqual({ a: ["A_TOKEN", "[REDACTED:token]"] });
    for (const value of [["A_TOKEN", "B_TOKEN"], ["password", "username"], [["A_TOKEN", "x", "y"]], ["x"]]) {
      expect(redact(value).value).toEqual(value);
    }
  });

  it("takes a name that is shared with other things for a secret's only where the value fits", () => {
    const value = {
      pass: "hunter2",
      auth: { user: "me:1234567", pass: ["a1", "b2"] },
      credentials: { auth: "none", pass: "yes" },
      pwd: "/srv",
      more: { auth: encodedCredentials, pwd: "hunter2" },
    };
    expect(redact(value).value).toEqual({
      pass: "[REDACTED:password]",
      auth: { user: "me:1234567", pass: ["a1", "b2"] },
      credentials: { auth: "[REDACTED:credential]", pass: "[REDACTED:credential]" },
      pwd: "/srv",
      more: { auth: "[REDACTED:credential]", pwd: "[REDACTED:password]" },
    });
  });

  it("replaces keys that are secrets, and keeps them apart", () => {
    const [first, second] = secretSamples;
    const { value, found } = redact({ [first!.secret]: 1, [second!.secret]: { a: 2 } });
    expect(value).toEqual({ "[REDACTED:anthropic-key]": 1, "[REDACTED:openai-key] 2": { a: 2 } });
    expect(found.length).toBe(2);
  });

  it("says what it found, and where, without showing it", () => {
    const text = `curl -H 'Authorization: Bearer x' https://u:p@h`;
    const result = redact({ event: { list: [{ body: JSON.stringify({ deep: [text] }) }] } });
    expect(kindsAt(result)).toEqual([
      "event.list[0].body.deep[0]: authorization",
      "event.list[0].body.deep[0]: url-credentials",
    ]);
    const replaced = "curl -H 'Authorization: [REDACTED:authorization]' https://[REDACTED:url-credentials]@h";
    expect(result.found.map(({ replaced, markAt }) => replaced.slice(markAt, markAt + 13))).toEqual([
      "[REDACTED:aut",
      "[REDACTED:url",
    ]);
    expect(result.found[0]?.replaced).toBe(replaced);
  });

  it("never takes the fields of built-in events for secrets by their names", () => {
    const event = {
      event_type: "claude_session_started",
      session_id: "s-1",
      tool_id: "t-1",
      parameters: { session_id: "s-1" },
    };
    expect(kindsAt(redact({ event }, { keyWords: ["session_id", "tool id"] }))).toEqual([
      "event.parameters.session_id: session-id",
    ]);
  });

  it.each(innocent)("leaves %s in its place", (text) => {
    const value = { event: { text, list: [text] }, metadata: { [text]: text } };
    expect(redact(value)).toEqual({ value, found: [] });
  });

  it("leaves fields whose names only look like those of secrets", () => {
    expect(redact(innocentFields)).toEqual({ value: innocentFields, found: [] });
  });

  it("finds secrets at every depth of objects and arrays", () => {
    let value: unknown = { password: plainSecret };
    for (let level = 0; level < 200; level += 1) value = level % 2 === 0 ? [value] : { value };
    expect(JSON.stringify(redact(value).value)).not.toContain(plainSecret);
  });

  it(`finds them in JSON in strings down to ${limits.maxNestedJson} levels`, () => {
    for (let levels = 0; levels <= limits.maxNestedJson; levels += 1) {
      const given = { a: nested({ password: plainSecret, b: "stays" }, levels) };
      const expected = { a: nested({ password: "[REDACTED:password]", b: "stays" }, levels) };
      expect(redact(given).value).toEqual(expected);
    }
  });

  it("fails closed on JSON that is nested deeper, if anything in it is suspicious", () => {
    const tooDeep = nested({ password: plainSecret }, limits.maxNestedJson + 1);
    const { value, found } = redact({ a: tooDeep });
    expect(JSON.stringify(value)).toContain("[REDACTION_FAILED]");
    expect(JSON.stringify(value)).not.toContain(plainSecret);
    expect(found.map(({ kind }) => kind)).toEqual(["not-searched"]);
    const harmless = { a: nested({ b: "stays" }, limits.maxNestedJson + 1) };
    expect(redact(harmless).value).toEqual(harmless);
  });

  it("fails closed on a text that a pattern cannot get through", () => {
    // Backtracks once for each character, for which V8 runs out of room.
    const options = { patterns: [{ kind: "acme", pattern: /^(?:a|b)*c/, literals: ["abab"] }] };
    const hopeless = "ab".repeat(8_000_000);
    expect(redact({ hopeless, fine: "abab, but d" }, options).value).toEqual({
      hopeless: "[REDACTION_FAILED]",
      fine: "abab, but d",
    });
  });
});

describe("options of the redaction", () => {
  it("take further words in every spelling, and only as whole words", () => {
    const value = { sessionId: "a", SESSION_ID: "b", "user-session-id": "c", obsessionId: "d", session: "e" };
    expect(kindsAt(redact(value, { keyWords: ["session_id"] }))).toEqual([
      "sessionId: session-id",
      "SESSION_ID: session-id",
      "user-session-id: session-id",
    ]);
  });

  it.each([{ literals: ["ACME-"] }, { literals: undefined }])(
    "take patterns, with $literals",
    ({ literals }) => {
      const options = { patterns: [{ kind: "acme-key", pattern: /acme-[0-9]+/g, literals }] };
      expect(redact({ a: "x acme-123 y acme-4", b: "acme-" }, options).value).toEqual({
        a: "x [REDACTED:acme-key] y [REDACTED:acme-key]",
        b: "acme-",
      });
    },
  );

  it("leave what is allowed, by key or by field", () => {
    const value = { event: { password: "a", x: { token: { deep: "b" }, secret: "c" } }, token: "d" };
    expect(kindsAt(redact(value, { allow: ["password", "event.x.token"] }))).toEqual([
      "event.x.secret: secret",
      "token: token",
    ]);
  });
});

describe("the quick look before the search", () => {
  const secret = fc.constantFrom(
    ...givingAway,
    ...secretSamples.map(({ secret }) => secret),
    "password",
    "api_key",
    "Cookie: x",
    "hunter2",
    "pass",
    "auth",
    "pwd",
    "--pass ",
    "name: ",
    "\n value: ",
    "me:hunter2x",
    `name=MAIL_PASS value=${plainSecret}`,
    `<env name="MAIL_PASS" value="${plainSecret}"/>`,
    `MAIL_PASS \t= ${plainSecret}`,
    `run --mailPass ${plainSecret}`,
    `run --auth\tme:${plainSecret}`,
    `name: mail_pass \n value: ${plainSecret}`,
  );
  const text = fc.oneof(
    secret,
    fc
      .tuple(fc.string({ unit: "binary", maxLength: 8 }), secret, fc.string({ maxLength: 8 }))
      .map((all) => all.join("")),
    fc.string({ unit: "grapheme" }),
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(text, tie("value"), { maxKeys: 4 }),
      tie("value").map((inside) => JSON.stringify(inside)),
      tie("value").map((inside) => escapeAscii(JSON.stringify(inside))),
    ),
  })).value;

  /** The same JSON, as writers make it that escape slashes and some letters. */
  function escapeAscii(json: string): string {
    return json
      .replaceAll("/", "\\/")
      .replaceAll(/[pk@]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  }

  it("never misses what the search replaces", () => {
    fc.assert(
      fc.property(value, (given) => {
        const line = JSON.stringify({ event: given });
        const rewritten = new SecretSearch(usual).rewriteJson(line, () => undefined);
        if (rewritten !== line) expect(usual.isSuspicious(line)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it("and the search takes no value for a secret because a part of it was replaced", () => {
    const token = "gho_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zAabcd";
    const once = redact({ event: { pass: `${token}/`, pwd: `${token}/x`, argv: `pass=${token}/` } }).value;
    expect(JSON.stringify(once)).not.toContain(token);
    expect(redact(once)).toEqual({ value: once, found: [] });
  });

  it("and the search finds no more in what it has replaced, and leaves valid JSON", () => {
    fc.assert(
      fc.property(value, (given) => {
        const once = redact({ event: given }).value;
        expect(redact(once)).toEqual({ value: once, found: [] });
      }),
      { numRuns: 3_000 },
    );
  });
});
