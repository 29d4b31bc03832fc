/** A secret as it may turn up, made up, and put together here so that no scanner takes this file for a leak. */
export interface SecretSample {
  readonly kind: string;
  /** What must be found in no file. */
  readonly secret: string;
}

const letters = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA";
const hex = "0123456789abcdef0123456789abcdef";
const upper = "ABCDEFGH23456789";
const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");

/** Secrets that are known by their look, wherever they stand. */
export const secretSamples: readonly SecretSample[] = [
  ["anthropic-key", `sk-${"ant"}-api03-${letters}-${letters}AA`],
  ["openai-key", `sk-${letters}${letters.slice(0, 16)}`],
  ["openai-key", `sk-proj-${letters}_${letters}`],
  ["github-token", `ghp${"_"}${letters}abcd`],
  ["github-token", `gho${"_"}${letters}abcd`],
  ["github-token", `ghs${"_"}${letters}abcd`],
  ["github-token", `github${"_"}pat_11${letters}_${letters}`],
  ["gitlab-token", `glpat${"-"}${letters.slice(0, 20)}`],
  ["aws-access-key-id", `AKIA${upper}`],
  ["aws-access-key-id", `ASIA${upper}`],
  ["slack-token", `xoxb${"-"}123456789012-1234567890123-${letters.slice(0, 24)}`],
  ["slack-token", `xoxp${"-"}123456789012-123456789012-${hex}`],
  ["slack-webhook", `hooks.slack${".com"}/services/T00000000/B00000000/${letters.slice(0, 24)}`],
  ["discord-webhook", `discord${".com"}/api/webhooks/123456789012345678/${letters}`],
  ["jwt", `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "1234567890", admin: true })}.${letters}-_x`],
  ["npm-token", `npm${"_"}${letters}abcd`],
  ["pypi-token", `pypi${"-"}AgEIcHlwaS5vcmc${letters}${letters}`],
  ["google-key", `AIza${"Sy"}${letters}a`],
  ["google-key", `GOCSPX${"-"}${letters}`],
  ["google-token", `ya29${"."}a0${letters}`],
  ["stripe-key", `sk${"_live_"}${letters.slice(0, 24)}`],
  ["stripe-key", `whsec${"_"}${letters}`],
  ["sendgrid-key", `SG${"."}${letters.slice(0, 22)}.${letters}abcdefghijk`],
  ["huggingface-token", `hf${"_"}${letters}ab`],
  ["digitalocean-token", `dop${"_v1_"}${hex}${hex}`],
  ["databricks-token", `dapi${hex}`],
  ["vault-token", `hvs${"."}${letters}${letters}`],
  ["shopify-token", `shpat${"_"}${hex}`],
  ["docker-token", `dckr${"_pat_"}${letters}`],
  ["groq-key", `gsk${"_"}${letters}${letters.slice(0, 20)}`],
  ["xai-key", `xai${"-"}${letters}${letters}`],
  ["linear-key", `lin${"_api_"}${letters}abcdefgh`],
  ["atlassian-token", `ATATT3${"xFfGF0"}${letters}${letters}`],
  ["grafana-token", `glsa${"_"}${letters}_${hex.slice(0, 8)}`],
  ["age-key", `AGE-SECRET-KEY-1${upper.repeat(4).slice(0, 58)}`],
].map(([kind = "", secret = ""]) => ({ kind, secret }));

/** The body of a private key, one line and all lines. */
export const privateKeyBody = `MIIEpAIBAAKCAQEA${letters}${letters}`;
export const privateKey = [
  `-----BEGIN RSA ${"PRIVATE"} KEY-----`,
  privateKeyBody,
  `${letters}==`,
  `-----END RSA ${"PRIVATE"} KEY-----`,
].join("\n");

/** A secret with no look of its own. */
export const plainSecret = "correct-Horse-42-battery";

/** Texts that hold {@link plainSecret} in a way that gives it away. */
export const givingAway: readonly string[] = [
  `FOO_TOKEN=${plainSecret}`,
  `export DB_PASSWORD='${plainSecret}'`,
  `PATH=/bin\nAWS_SECRET_ACCESS_KEY=${plainSecret}\nHOME=/root`,
  `aws_secret_access_key = ${plainSecret}`,
  `https://user:${plainSecret}@example.com/repo.git`,
  `postgres://app:${plainSecret}@db:5432/shop?sslmode=require`,
  `Authorization: Bearer ${plainSecret}`,
  `curl -H "Authorization: token ${plainSecret}" https://example.com`,
  `curl -H 'X-Api-Key: ${plainSecret}' https://example.com`,
  `Cookie: session=${plainSecret}; theme=dark`,
  `Set-Cookie: session=${plainSecret}; HttpOnly`,
  `deploy --password ${plainSecret} --user me`,
  `deploy --api-key=${plainSecret}`,
  `https://example.com/callback?access_token=${plainSecret}&state=1`,
  `answer: {"client_secret": "${plainSecret}", "n": 1}`,
  `{"a":{"PassWord":"${plainSecret}"}}`,
  `{"a":"{\\"b\\":{\\"api-key\\":\\"${plainSecret}\\"}}"}`,
  `{"\\u0070assword":"${plainSecret}"}`,
  `{"url":"https:\\/\\/u:${plainSecret}@host\\/x"}`,
  `[{"name":"DB_PASSWORD","value":"${plainSecret}"}]`,
  `["deploy","--token","${plainSecret}"]`,
  `password: "${plainSecret}"`,
  `{'password': '${plainSecret}'}`,
  `passphrase => '${plainSecret}'`,
  // Environments and settings as pairs of a name and a value.
  `[["PATH","/bin"],["FOO_TOKEN","${plainSecret}"]]`,
  `["FOO_TOKEN","${plainSecret}"]`,
  `{"key":"FOO_TOKEN","val":"${plainSecret}"}`,
  `{"env":"FOO_TOKEN","value":"${plainSecret}"}`,
  `{"ParameterKey":"DbPassword","ParameterValue":"${plainSecret}"}`,
  `env:\n- name: FOO_TOKEN\n  value: ${plainSecret}\n- name: PORT\n  value: "80"`,
  `- name: "FOO_TOKEN"\r\n  value: '${plainSecret}'`,
  `[{'name': 'FOO_TOKEN', 'value': '${plainSecret}'}]`,
  // Names that are shared with what is no secret.
  `MYSQL_PWD=${plainSecret} mysql -h db`,
  `Server=db;Uid=app;Pwd=${plainSecret};`,
  `{"pwd":"${plainSecret}"}`,
  `PASS=${plainSecret} ./deploy`,
  `SSHPASS=${plainSecret} sshpass -e ssh host`,
  `MAIL_PASS: ${plainSecret}`,
  `{"user":"me","pass":"${plainSecret}"}`,
  `//registry.example.com/:_auth=${plainSecret}`,
  `{"auth":"me:${plainSecret}"}`,
  `{"auth":{"username":"me","pass":"${plainSecret}"}}`,
  `{"SecretString":"${plainSecret}"}`,
  `FOO_TOKEN=$'${plainSecret}' npm publish`,
];

/** Base64 of a user and a password, as the settings of Docker have it. */
export const encodedCredentials = Buffer.from(`me:${plainSecret}`).toString("base64");

/** Texts that hold no secret, and look a little like some. */
export const innocent: readonly string[] = [
  "01a2072e-8e25-75be-a001-b9bdf29ac904",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ${"AKIAx9/+eyJA".repeat(40)}==`,
  "The token is the smallest unit of text; a token has four characters on average.",
  "I renamed the variable token to accessToken and made the secret optional.",
  "We spent 5 tokens. total_tokens: 5, max_tokens=4096, token_count: 123456",
  "/home/me/.config/secrets/README.md and src/auth/password-reset/token-bucket.ts",
  "type Login = { user: string; password: string; token?: string };",
  "const token = await getToken(user); login(password, token)",
  "connect(password=settings.DATABASE.password, token=self.token)",
  'if (password === "") throw new Error("password is empty")',
  `DB_PASSWORD=$DB_PASSWORD npm test -- --password <password> --token ${"$"}{TOKEN}`,
  "password=***",
  "git clone https://github.com/acme/tasks.git && ssh git@github.com",
  "https://registry.example.com:4873/@scope/package",
  "see https://example.com/a@b and mail me@example.com",
  "risk-assessment-of-the-desk-2024-11-report, task-0123456789abcdef",
  "session-1q8i58 toolu_01A09q90qw90lq917835lq9",
  "The bearer of bad news; basic authentication is deprecated",
  "npm_config_registry_and_some_more_words npm_lifecycle_event",
  "The cookies are done after 12 minutes",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@host",
  "monkey=banana, keyboard: qwerty12345, secretary: Ms. Smith, tokenizer: cl100k",
  "the API key is missing; set the API key and try again",
  '{"src/token-bucket.ts":"export", "password.test.ts": "import", "a/secret": "x"}',
  '{"type":"object","properties":{"n":{"type":"string"}},"required":["token","password","name"]}',
  '{"required":["password","username"],"optional":["token","password2"],"env":["A_TOKEN","B_TOKEN"]}',
  '{"errors":["password","is too short: 8 characters"]}',
  '[{"key":"Enter","value":"5"},{"name":"PWD","value":"/home/me"},{"field":"name","value":"x1"}]',
  "- name: FOO_TOKEN\n  valueFrom:\n    secretKeyRef: {name: db, key: token}",
  "- name: FOO_TOKEN\n  value: $(OTHER)\n- name: FOO_SECRET\n  value: ''",
  "PWD=/home/me/src OLDPWD=/home/me INIT_PWD=~ pwd=../x",
  '{"pwd":"packages/logger","oldPwd":"/srv","HOST_PWD":"C:\\\\src"}',
  "cd $(pwd) && pwd; PWD",
  "--- PASS: TestFoo12 (0.00s)\nPASS: tests/int64-1.sh\nPASS src/a1.test.ts",
  "PASS=12 FAIL=0 SKIP=3; first_pass=shadows1 RENDER_PASS=opaque2 TEST_PASS=yes12",
  '{"pass":"12/12","fail":"0","PASS":"yes","tests":{"pass":["a 1","b2"]},"bypass":"x1"}',
  '{"pass":"tests/a1.test.ts","Pass":"returns 404 for a1"}',
  "jest --passWithNoTests --pass-with-no-tests abc123; two-pass=abc123",
  '{"auth":"required","Auth":"src/auth/login2.ts","auths":"x1","basicAuth":"oauth2:google","auth0":"x1"}',
  "fix(auth): refresh2 the session; auth: oauth2-token-refresh-2024; auth=jwt auth=none",
  "author=me42 authority=ca01 oauth=abc123",
];

/** Keys of which no value is a secret. */
export const innocentFields: Readonly<Record<string, unknown>> = {
  input_tokens: 5,
  output_tokens: 6,
  cache_tokens: "7",
  cache_read_tokens: 8,
  total_tokens: 5,
  max_tokens: "4096",
  tokens: ["a", "b"],
  tokenizer: "cl100k",
  token_type: "bearer",
  tokenCount: "five",
  next_page_token: "abc",
  eos_token: "</s>",
  password_file: "/run/secrets/db",
  secretName: "db",
  api_key_id: "k1",
  credentials_path: "/etc/app",
  session_id: "s-1",
  tool_id: "toolu_01",
  key: "value",
  monkey: "banana",
  keyboard: "qwerty",
  secretary: "Smith",
  author: "me",
  passwordStrength: "weak",
  cookieSameSite: "Strict",
  compass: "north",
};
