import { describe, expect, it } from "vitest";
import { innocentFields } from "../../test/secret-samples.js";
import { builtinKeyWords, KeyWords } from "./key-words.js";

const keyWords = new KeyWords(builtinKeyWords);

describe("the names of secrets", () => {
  it.each([
    ["password", "password"],
    ["PassWord", "password"],
    ["PASSWORD", "password"],
    ["pass-word", "password"],
    ["dbpassword", "password"],
    ["user_password", "password"],
    ["passwordHash", "password"],
    ["passwd", "password"],
    ["passphrase", "password"],
    ["DB_PASS", "password"],
    ["secret", "secret"],
    ["clientSecret", "secret"],
    ["SECRET_KEY_BASE", "secret"],
    ["AWS_SECRET_ACCESS_KEY", "secret"],
    ["token", "token"],
    ["githubToken", "token"],
    ["GITHUB_TOKEN", "token"],
    ["NPMTOKEN", "token"],
    ["tokenString", "token"],
    ["x-amz-security-token", "token"],
    ["authorization", "authorization"],
    ["Proxy-Authorization", "authorization"],
    ["api_key", "api-key"],
    ["apiKey", "api-key"],
    ["APIKey", "api-key"],
    ["X-Api-Key", "api-key"],
    ["openai.api.key", "api-key"],
    ["ACCESS-KEY", "access-key"],
    ["private_key", "private-key"],
    ["cookie", "cookie"],
    ["Set-Cookie", "cookie"],
    ["credential", "credential"],
    ["googleCredentials", "credential"],
    ["SecretString", "secret"],
    ["secretsDump", "secret"],
    ["MYSQL_PWD", "password"],
    ["pwd", "password"],
    ["PASS", "password"],
    ["FTP_PASS", "password"],
    ["mailPass", "password"],
    ["_auth", "credential"],
    ["auth", "credential"],
  ])("%s is one, of kind %s", (key, kind) => {
    expect(keyWords.nameOf(key)?.kind).toBe(kind);
  });

  it.each(Object.keys(innocentFields))("%s is none", (key) => {
    expect(keyWords.nameOf(key)).toBeUndefined();
  });
});
