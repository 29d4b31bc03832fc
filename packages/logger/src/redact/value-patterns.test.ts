import { describe, expect, it } from "vitest";
import {
  givingAway,
  innocent,
  plainSecret,
  privateKey,
  privateKeyBody,
  secretSamples,
} from "../../test/secret-samples.js";
import { RedactionRules } from "./redaction-rules.js";
import { SecretSearch } from "./secret-search.js";
import { replaceSpans } from "./secret-span.js";

const rules = new RedactionRules();
const search = new SecretSearch(rules);
const redact = (text: string) => search.rewriteText(text, () => undefined) ?? text;

describe("secrets known by their look", () => {
  it.each(secretSamples)("$kind is found whatever is around it: $secret", ({ kind, secret }) => {
    for (const [before, after] of [
      ["", ""],
      ["see ", " there"],
      ['"', '"'],
      ["(", ")"],
      ["=", "\n"],
      ["/", ","],
      ["é", "é"],
    ] as const) {
      const text = before + secret + after;
      expect(rules.isSuspicious(text), text).toBe(true);
      expect(replaceSpans(text, rules.secretsIn(text)).text).toBe(`${before}[REDACTED:${kind}]${after}`);
    }
  });

  it("a token is found right behind another, and behind a word with a dot", () => {
    const { secret } = secretSamples.find(({ kind }) => kind === "jwt")!;
    for (const text of [
      secret + secret,
      `${secret}.${secret}`,
      secret + secret + secret,
      `session.${secret}`,
    ]) {
      const [, payload, signature] = secret.split(".") as [string, string, string];
      const redacted = redact(text);
      expect(redacted).toContain("[REDACTED:jwt]");
      expect(redacted).not.toContain(payload);
      expect(redacted).not.toContain(signature);
    }
  });

  it("takes a private key from its first line to its last, and without a last one to the end", () => {
    expect(redact(`see\n${privateKey}\nthere`)).toBe("see\n[REDACTED:private-key]\nthere");
    expect(redact(privateKey.replaceAll("\n", "\\n"))).toBe("[REDACTED:private-key]");
    const cut = privateKey.slice(0, privateKey.indexOf("-----END"));
    expect(cut).toContain(privateKeyBody);
    expect(redact(`see ${cut}`)).toBe("see [REDACTED:private-key]");
  });
});

describe("secrets known by what is said of them", () => {
  it.each(givingAway)("are replaced in %s", (text) => {
    const redacted = redact(text);
    expect(redacted).not.toContain(plainSecret);
    expect(redacted).toContain("[REDACTED:");
    expect(redact(redacted)).toBe(redacted);
  });

  it.each([
    [`deploy --password ${plainSecret} --user me`, "deploy --password [REDACTED:password] --user me"],
    [`A_TOKEN=${plainSecret} npm publish`, "A_TOKEN=[REDACTED:token] npm publish"],
    [`?token=${plainSecret}&page=2`, "?token=[REDACTED:token]&page=2"],
    [`password=a,b;c&d next`, "password=[REDACTED:password] next"],
    [`{\\"password\\":\\"a\\\\\\"b\\",\\"n\\":1`, '{\\"password\\":\\"[REDACTED:password]\\",\\"n\\":1'],
    [`password: "never closed\nnext`, 'password: "[REDACTED:password]\nnext'],
    ["https://x-access-token:abc@github.com/a/b", "https://[REDACTED:url-credentials]@github.com/a/b"],
    [`https://0123456789abcdef0123@sentry.example/1`, "https://[REDACTED:url-credentials]@sentry.example/1"],
    [`["x", 'a_token=$"${plainSecret}"']`, `["x", 'a_token=$"[REDACTED:token]"']`],
    [`- name: A_TOKEN\n  value: a b # c\n  x: y`, "- name: A_TOKEN\n  value: [REDACTED:token]\n  x: y"],
    [`{ key: 'A_TOKEN', value: 'a b', n: 1 }`, "{ key: 'A_TOKEN', value: '[REDACTED:token]', n: 1 }"],
    [
      `--mail-pass ${plainSecret} --pass a1b2c3`,
      "--mail-pass [REDACTED:password] --pass [REDACTED:password]",
    ],
    ["Basic dXNlcjpwYXNzd29yZA== rest", "Basic [REDACTED:basic-credentials] rest"],
  ])("and nothing else is: %s", (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });
});

describe("what is no secret", () => {
  it.each(innocent)("stays: %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
