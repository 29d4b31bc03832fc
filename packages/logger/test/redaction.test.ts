import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { segmentWriter, sharedFileWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import { createEventLogger, type EventLogger, LoggerOptionsError, limits } from "../src/index.js";
import { loggerScene, recordsIn } from "./logger-scene.js";
import { runProgram } from "./run-program.js";
import {
  givingAway,
  innocent,
  innocentFields,
  plainSecret,
  privateKey,
  privateKeyBody,
  secretSamples,
} from "./secret-samples.js";

/** What no file may hold. */
const allSecrets = [...secretSamples.map(({ secret }) => secret), privateKeyBody, plainSecret];
/** Texts that hold one each. */
const allTexts = [...secretSamples.map(({ secret }) => secret), privateKey, ...givingAway];

type AnyLogger = { log(event: object, options?: object): string | null };
const anyEvent = (logger: EventLogger) => logger as unknown as AnyLogger;

/** Every file below a directory, what is compressed inflated. */
async function everyFile(directory: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const bytes = await readFile(path);
      const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return { path, text: (isCompressed ? gunzipSync(bytes) : bytes).toString("latin1") };
    }),
  );
}

async function expectNoSecretBelow(directory: string): Promise<void> {
  const files = await everyFile(directory);
  expect(files.length).toBeGreaterThan(0);
  for (const { path, text } of files) {
    for (const secret of allSecrets) {
      if (text.includes(secret)) throw new Error(`${path} holds ${secret}`);
    }
  }
}

/** Logs a text in every position in which somebody's secret may turn up. */
function logEverywhere(logger: EventLogger, text: string): void {
  const root = anyEvent(logger);
  root.log({ event_type: "claude_message", agent_id: "a", content: text, message_type: "assistant" });
  root.log({ event_type: "agent_failed", agent_id: "a", error: `it failed: ${text}`, retry_eligible: false });
  root.log({
    event_type: "claude_tool_invoked",
    agent_id: "a",
    tool_name: "Bash",
    tool_id: "t",
    parameters: {
      command: text,
      argv: ["sh", "-c", text],
      deep: [{ deeper: { deepest: [text] } }],
      body: JSON.stringify({ inside: { text, again: JSON.stringify([text]) } }),
      [text]: 1,
    },
  });
  root.log({ event_type: "unknown_to_all", whatever: { toJSON: () => ({ text }) } });
  root.log({ event_type: text });
  root.log({ event_type: "checkpoint_loaded", version: 1 }, { metadata: { note: text, [text]: [text] } });
  root.log({ event_type: "checkpoint_loaded", version: 1 }, { correlationId: text });
  logger.withCorrelation(text, () => root.log({ event_type: "checkpoint_loaded", version: 1 }));
  const child = logger.child({ agent_id: text }, { metadata: { note: text }, correlationId: text });
  (child as unknown as AnyLogger).log({
    event_type: "agent_started",
    item_id: "i",
    worktree: "w",
    attempt: 1,
  });
  // What is not recorded, and why: the reason is cut, and half a secret is one too.
  const padding = "x".repeat(limits.maxReasonLength - text.length);
  const toJSON = () => {
    throw new Error(`${padding} ${text}`);
  };
  root.log({ event_type: `${"x".repeat(limits.maxRejectedTypeLength - 12)} ${text}`, toJSON });
}

/** Logs a secret without a look of its own under the keys that name it. */
function logNamed(logger: EventLogger): void {
  const root = anyEvent(logger);
  const named = { PassWord: plainSecret, "x-api-key": [plainSecret], cookies: { session: plainSecret } };
  root.log({ event_type: "unknown_to_all", ...named, deep: [{ env: { DB_PASSWORD: plainSecret } }] });
  root.log({
    event_type: "unknown_to_all",
    body: JSON.stringify(named),
    argv: ["x", "--token", plainSecret],
  });
  root.log({ event_type: "checkpoint_loaded", version: 1 }, { metadata: named });
  const child = logger.child({ secret: plainSecret }, { metadata: { token: plainSecret } });
  (child as unknown as AnyLogger).log({ event_type: "unknown_to_all" });
}

describe("a logger", () => {
  it("writes no secret to any file, in whatever position, segment, state or manifest", async () => {
    const store = await temporaryDirectory();
    const logger = await createEventLogger({
      store: store.path,
      repo: "repo",
      jobId: "job-1",
      env: {},
      correlationId: plainSecret.padStart(60, "password="),
      fields: { api_key: plainSecret },
      metadata: { note: `FOO_TOKEN=${plainSecret}` },
      onError: () => undefined,
      writers: [segmentWriter({ maxSegmentBytes: 40_000 }), sharedFileWriter()],
    });
    for (const text of allTexts) {
      logEverywhere(logger, text);
      logNamed(logger);
      await logger.flush();
    }
    const { redactions, rejected } = logger.stats();
    expect(redactions).toBeGreaterThan(15 * allTexts.length);
    expect(rejected).toBe(allTexts.length);
    await logger.shutdown();
    const names = (await everyFile(store.path)).map(({ path }) => path);
    for (const state of [/\.jsonl$/, /\.rotated\.gz$/, /events-shared\.jsonl$/, /\.manifest/]) {
      expect(
        names.some((name) => state.test(name)),
        String(state),
      ).toBe(true);
    }
    await expectNoSecretBelow(store.path);
  }, 120_000);

  it.each(["natural end", "process.exit", "throw"])(
    "writes none into the segment of the end of the process, by %s",
    async (how) => {
      const store = await temporaryDirectory();
      const program = runProgram("log-secrets.mjs", [store.path, how, JSON.stringify(allTexts)]);
      await program.ended;
      expect(program.stdout(), program.stderr()).toBe(`${allTexts.length}\n`);
      const records = await recordsIn(store.join("events", "repo", "job"));
      expect(records.length).toBe(allTexts.length);
      await expectNoSecretBelow(store.path);
    },
  );

  it("tells its error handler of no secret that the event was relieved of", async () => {
    const { logger, problems } = await loggerScene();
    const [{ secret } = { secret: "" }] = secretSamples;
    anyEvent(logger).log({ event_type: "checkpoint_loaded", version: secret, password: plainSecret });
    anyEvent(logger).log({ event_type: "checkpoint_loaded", version: "4" });
    expect(problems.map(({ code }) => code)).toEqual(["INVALID_EVENT", "INVALID_EVENT"]);
    expect(JSON.stringify(problems[0])).not.toContain(secret.slice(0, 12));
    expect(problems[0]?.message).not.toContain(secret.slice(0, 12));
    expect(problems[1]?.message).toContain('received "4"');
  });

  it("changes nothing that the caller holds", async () => {
    const { logger } = await loggerScene();
    const event = Object.freeze({
      event_type: "x",
      password: "p",
      list: Object.freeze([`A_TOKEN=${plainSecret}`]),
    });
    const metadata = Object.freeze({ token: "t" });
    const before = JSON.stringify({ event, metadata });
    expect(anyEvent(logger).log(event, { metadata })).not.toBeNull();
    expect(JSON.stringify({ event, metadata })).toBe(before);
  });

  it("leaves what is no secret as it was given, to the byte", async () => {
    const [redacting, plain] = await Promise.all([loggerScene(), loggerScene({ redact: false })]);
    const given = { event_type: "x", ...innocentFields, texts: innocent, 7: "first", n: 2 ** 60 };
    for (const { logger } of [redacting, plain]) {
      anyEvent(logger).log(given, { metadata: { texts: innocent } });
      await logger.flush();
    }
    const [line = "", plainLine = ""] = await Promise.all(
      [redacting, plain].map(({ logger }) => onlyLine(logger)),
    );
    const eventOf = (text: string) => text.slice(text.indexOf('"event":'), text.indexOf('"metadata":'));
    expect(eventOf(line)).toBe(eventOf(plainLine));
    expect(redacting.logger.stats().redactions).toBe(0);
  });

  it("keeps the rest of a line canonical, and counts each value", async () => {
    const { logger } = await loggerScene();
    anyEvent(logger).log({
      password: "p",
      event_type: "x",
      7: "seven",
      both: `a_token=1a2b b_token=3c4d`,
      n: 1e21,
    });
    await logger.flush();
    expect(logger.stats().redactions).toBe(3);
    expect(await onlyLine(logger)).toContain(
      '"event":{"event_type":"x","7":"seven","job_id":"job-1","password":"[REDACTED:password]",' +
        '"both":"a_token=[REDACTED:token] b_token=[REDACTED:token]","n":1e+21},"metadata":{"host":',
    );
  });

  it("writes everything as given with redact: false", async () => {
    const { logger } = await loggerScene({ redact: false });
    anyEvent(logger).log({ event_type: "x", password: plainSecret });
    await logger.flush();
    expect(await onlyLine(logger)).toContain(plainSecret);
    expect(logger.stats().redactions).toBe(0);
  });

  it("takes further words, patterns, and what is allowed", async () => {
    const { logger } = await loggerScene({
      redact: {
        keyWords: ["pin_code"],
        patterns: [{ kind: "ticket", pattern: /T-\d{6}/ }],
        allow: ["csrf_token", "event.parameters.password"],
      },
    });
    anyEvent(logger).log({
      event_type: "x",
      pinCode: "1",
      text: "see T-123456",
      csrf_token: "stays",
      parameters: { password: "stays", secret: "goes" },
    });
    await logger.flush();
    const [record] = await recordsIn(logger.directory);
    expect(record?.event).toMatchObject({
      pinCode: "[REDACTED:pin-code]",
      text: "see [REDACTED:ticket]",
      csrf_token: "stays",
      parameters: { password: "stays", secret: "[REDACTED:secret]" },
    });
  });

  it.each([
    ["a text", "yes"],
    ["a list", []],
    ["a short word", { keyWords: ["pin"] }],
    ["a word with signs", { keyWords: ["a+b+c+d"] }],
    ["words that are no list", { keyWords: "password" }],
    ["a pattern that is a text", { patterns: [{ kind: "x", pattern: "x" }] }],
    ["a kind with spaces", { patterns: [{ kind: "X y", pattern: /x/ }] }],
    ["a short literal", { patterns: [{ kind: "x", pattern: /x/, literals: ["abc"] }] }],
    ["a literal with a quote", { patterns: [{ kind: "x", pattern: /x/, literals: ['abc"'] }] }],
    ["an empty field", { allow: [""] }],
  ])("refuses %s as its option", async (_what, redact) => {
    const made = createEventLogger({ redact: redact as never, env: {} });
    await expect(made).rejects.toThrow(LoggerOptionsError);
    await expect(made).rejects.toMatchObject({ option: "redact" });
  });

  it("finds secrets in values of any size: at the start, in the middle, and at the end", async () => {
    const { logger, store } = await loggerScene();
    for (const size of [65_535, 65_536, 65_537, 2_000_000]) {
      for (const { secret } of secretSamples.slice(0, 4)) {
        const half = "lorem ipsum ".repeat(size / 24);
        anyEvent(logger).log({ event_type: "x", text: `${secret} ${half}${half}` });
        anyEvent(logger).log({ event_type: "x", text: `${half} ${secret} ${half}` });
        anyEvent(logger).log({ event_type: "x", text: `${half}${half} ${secret}` });
        await logger.flush();
      }
    }
    expect(logger.stats()).toMatchObject({ redactions: 48, rejected: 0 });
    await expectNoSecretBelow(store);
  }, 60_000);

  it("rejects an event that redaction would make longer than readers take", async () => {
    const kind = "k".repeat(64);
    const { logger } = await loggerScene({
      redact: { patterns: [{ kind, pattern: /abcd/, literals: ["abcd"] }] },
    });
    anyEvent(logger).log({ event_type: "x", text: "abcd ".repeat(250_000) });
    anyEvent(logger).log({ event_type: "x", text: "abcd ".repeat(100_000) });
    await logger.flush();
    const records = await recordsIn(logger.directory);
    expect(records.map(({ event }) => event.event_type)).toEqual(["event_rejected", "x"]);
    expect(records[0]?.event).toMatchObject({
      rejected_type: "x",
      reason: expect.stringMatching(/^too large: \d+ bytes/),
    });
  }, 60_000);
});

async function onlyLine(logger: EventLogger): Promise<string> {
  const [{ text } = { text: "" }] = (await everyFile(logger.directory)).filter(({ path }) =>
    path.endsWith(".jsonl"),
  );
  return text;
}
