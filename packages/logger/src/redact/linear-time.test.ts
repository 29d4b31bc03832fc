import { describe, expect, it } from "vitest";
import { secretSamples } from "../../test/secret-samples.js";
import { RedactionRules } from "./redaction-rules.js";
import { SecretSearch } from "./secret-search.js";

/** The time a search may take for a megabyte, on a busy machine; one that took the square of it would need minutes. */
const capMs = 10_000;
const size = 1_000_000;
const search = new SecretSearch(new RedactionRules());

/** Pieces that begin much and end nothing. */
const pieces = [
  ...new Set(secretSamples.map(({ secret }) => secret.slice(0, 9))),
  "eyJ.eyJ",
  "eyJ",
  ".eyJ",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN RSA ",
  "-----END ",
  "://:",
  "a://a:b",
  "http://",
  "a:@",
  "password",
  "password=",
  'password:"',
  'password:\\"',
  'password:\\\\\\"\n',
  "password='\n",
  "--token ",
  "token=a,",
  "token=a&b",
  "token: ",
  "token :=",
  "secret_api_key_password_",
  "bearer ",
  "bearer\t\t",
  "basic aA",
  "Cookie: ",
  '"',
  "\\",
  '\\"',
  '{"a":',
  "[",
  '["',
  "{[",
  '"password":',
  "\\u0041",
  "[REDACTED:",
  "pass=",
  "pwd=/",
  "pwd='/",
  'pwd=\\"/ "',
  "auth=a:",
  "--pass ",
  "--------pass ",
  "name: pwd value: / ",
  "name: token\n value: ",
  "name: token\n value: '",
  "key=token,value=$",
  "a_token=$'",
  '["token","",',
  '[["token","',
  '["token"    ',
  "eyJ.eyJ.eyJ",
];

/** Processor time, which other programs on the machine do not add to. */
function timed(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe("a megabyte of what is made to take long", () => {
  it.each(pieces)("is searched in time: %j", { timeout: 60_000 }, (piece) => {
    const text = piece.repeat(Math.ceil(size / piece.length));
    expect(timed(() => search.rewriteText(text, () => undefined))).toBeLessThan(capMs);
    expect(timed(() => search.rewriteJson(text, () => undefined))).toBeLessThan(capMs);
    const json = JSON.stringify({ a: text });
    expect(timed(() => search.rewriteText(json, () => undefined))).toBeLessThan(capMs);
  });
});
