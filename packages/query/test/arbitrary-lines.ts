import fc from "fast-check";

/** `odd` about once in 30 times, else `usual`: so that of the many parts of a line mostly none is odd, or one. */
const rarely = <T>(odd: T, usual: T): fc.Arbitrary<T> =>
  fc.nat(29).map((draw) => (draw === 17 ? odd : usual));

/** JSON text of a string: as `JSON.stringify` writes it, or with characters escaped that need not be. */
const jsonText = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, rarely("escaped", "plain")).map(([text, form]) => {
    if (form === "plain" || text === "") return JSON.stringify(text);
    const [first = ""] = text;
    const escaped = [...first]
      .flatMap((character) => character.split(""))
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("");
    return `"${escaped}${JSON.stringify(text.slice(first.length)).slice(1)}`;
  });

const anyText = fc.oneof(
  fc.constantFrom("agent-1", "", "größer 💥", 'a"b\\c', "\u2028\t", "x".repeat(40), "\u007f\u0080"),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Values of any kind, also those that are no JSON. */
const anyValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 50, arbitrary: jsonText(anyText) },
  {
    weight: 30,
    arbitrary: fc.constantFrom(
      "0",
      "-0",
      "-1",
      "00",
      "17",
      "1234567890123456",
      "1.5e300",
      "1e999",
      "-0.0E-2",
      "123456789012345678901",
      "7.0",
    ),
  },
  { weight: 30, arbitrary: fc.constantFrom("null", "true", "false", "[]", "{}", "[{}]", '{"a":[]}') },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '{"event_type":"agent_failed","job_id":"no","agent_id":[1,{"id":"x"}]}',
      '[{"timestamp":"1999-01-01T00:00:00Z"},"\\ud800","\\u00e9"]',
      "[[[[[[[[[[1]]]]]]]]]]",
      `${"[".repeat(70)}${"]".repeat(70)}`,
      `${'{"a":'.repeat(59)}1${"}".repeat(59)}`,
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "01",
      "+1",
      ".5",
      "1.",
      "1e",
      "-",
      "NaN",
      "nul",
      "tru",
      "truex",
      "[1,]",
      "[,1]",
      '{"a":1,}',
      '{"a"}',
      '{"a" :1}',
      '{,"a":1}',
      "{a:1}",
      "'x'",
      '"\\x"',
      '"\\u12g4"',
      '"a\tb"',
      '"a\u0000b"',
      '"a\u0001b"',
      '"open',
      "[1 ,2]",
      " 1",
      "1 ",
      "[}",
      "{]",
      '"a"b',
      "",
    ),
  },
  { weight: 20, arbitrary: fc.json().map((text) => text.replaceAll("\n", "")) },
);

const twoDigits = (max: number) => fc.nat(max).map((value) => String(value).padStart(2, "0"));

/** Timestamps of every form, most of them of instants that exist. */
const timestamp: fc.Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom("2026-01-01T12:00:00.004Z", "1969-12-31T23:59:59.999999999Z") },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.oneof(
          fc.constantFrom("0000", "0099", "1600", "1900", "1969", "1970", "2000", "2024", "2100", "9999"),
        ),
        twoDigits(13),
        twoDigits(32),
        fc.constantFrom("T", "T", "T", "T", "t", " "),
        twoDigits(24),
        twoDigits(60),
        twoDigits(61),
        fc.constantFrom(
          "",
          "",
          ".",
          ".0",
          ".5",
          ".123",
          ".123456",
          ".000000001",
          ".999999999",
          ".1234567891",
        ),
        fc.constantFrom("Z", "Z", "Z", "Z", "z", "+00:00", "-08:30", "+24:00", "", "ZZ"),
      )
      .map(([year, month, day, separator, hour, minute, second, fraction, offset]) => {
        return `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${offset}`;
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "2024-02-29T23:59:59.999Z",
      "2023-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2000-02-29T00:00:00Z",
      "2016-12-31T23:59:60Z",
      "2026-01-01",
      "2026-1-01T00:00:00Z",
      '"""""""""""""""":00Z',
    ),
  },
);

type Field = readonly [key: string, value: string];

/** An object's text, its fields in any order, some of them twice, keys sometimes escaped. */
function objectOf(fields: readonly fc.Arbitrary<Field>[], others: fc.Arbitrary<Field>): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.tuple(...fields.map((field) => fc.option(field, { freq: 30, nil: undefined }))),
      fc.array(others, { maxLength: 3 }),
      fc.constantFrom("in order", "in order", "shuffled"),
      fc.infiniteStream(fc.nat(1_000)),
      rarely(", ", ","),
    )
    .map(([own, more, order, places, comma]) => {
      const all = [...own.filter((field) => field !== undefined), ...more];
      const ranked = all.map((field) => ({
        field,
        place: order === "shuffled" ? (places.next().value as number) : 0,
      }));
      ranked.sort((a, b) => a.place - b.place);
      return `{${ranked.map(({ field: [key, value] }) => `${key}:${value}`).join(comma)}}`;
    });
}

const field = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Field> =>
  fc.tuple(rarely(`"${name.replace("e", "\\u0065")}"`, `"${name}"`), value);

/** Mostly of `usual`, sometimes anything. */
const mostly = (usual: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: anyValue });

const ids = (...texts: string[]) => mostly(jsonText(fc.constantFrom(...texts)));
const anyField = fc.tuple(
  jsonText(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom("error", "content", "a", "größer", "__proto__", "constructor"),
      },
      { weight: 1, arbitrary: anyText },
    ),
  ),
  anyValue,
);
/** Fields that are called like those that matter elsewhere. */
const lookAlike = fc.tuple(
  fc.constantFrom(
    '"event_type"',
    '"job_id"',
    '"agent_id"',
    '"item_id"',
    '"id"',
    '"timestamp"',
    '"sequence"',
    '"producer_id"',
  ),
  fc.oneof(jsonText(fc.constantFrom("agent_failed", "job-9")), anyValue),
);
const otherField = fc.oneof({ weight: 15, arbitrary: anyField }, { weight: 1, arbitrary: lookAlike });

const event = objectOf(
  [
    field(
      "event_type",
      ids("agent_failed", "AgentFailed", "d_l_q_item_added", "job_started", "my_type", "größer"),
    ),
    field("job_id", ids("job-1", "job-2", "")),
    field("agent_id", ids("agent-1", "agent-2", "ünï")),
    field("item_id", mostly(fc.oneof(ids("item-1", "src/ü.ts"), jsonText(anyText)))),
  ],
  otherField,
);
const metadata = objectOf(
  [
    field("host", jsonText(anyText)),
    field("producer_id", ids("producer0", "producer1", "other")),
    field("sequence", mostly(fc.oneof(fc.nat(50).map(String), fc.constantFrom("0", "999999999999999")))),
  ],
  otherField,
);

/** Lines that are mostly records, in every form a record can have, and nearly so. */
export const recordLine: fc.Arbitrary<string> = objectOf(
  [
    field("id", mostly(jsonText(anyText))),
    field("timestamp", mostly(timestamp.map((text) => `"${text}"`))),
    field("correlation_id", ids("run-1", "run-2", "")),
    field("event", mostly(event)),
    field("metadata", mostly(metadata)),
  ],
  fc.oneof({ weight: 15, arbitrary: anyField }, { weight: 1, arbitrary: lookAlike }),
);

const oddLine = fc.constantFrom(
  "",
  " \t\r",
  "null",
  "[]",
  "{}",
  "not json",
  "\ufeff{}",
  '\ufeff{"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}',
  '{"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}',
  '{"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}\r',
  ' {"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}',
  '{"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}}',
  '{"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}{}',
  '{"id":"x","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}',
  '{"id":"x","timestamp":"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0:00Z","event":{"event_type":"a"}}',
  '{"id":"x","timestamp":"1970-01-01T00:00:01Z","event":{"event_type":"a"}}',
  "\0\0\0\0",
);

/** Bytes that decide something in JSON. */
const tellingByte = fc.constantFrom(
  ...Buffer.from('{}[]",:\\0159-+.eEtfnuZT \t\r\0\x01\x1f\x7f'),
  0x80,
  0xbf,
  0xc3,
  0xe2,
  0xff,
);
const mutation = fc.record({
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom(
    "replace" as const,
    "insert" as const,
    "delete" as const,
    "cut" as const,
    "flip" as const,
  ),
  byte: tellingByte,
});

/** A line with some of its bytes changed, added or taken away; the line feed stays. */
const damagedLine: fc.Arbitrary<Buffer> = fc
  .tuple(recordLine, fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([text, mutations]) => {
    let bytes = Buffer.from(text);
    for (const { place, kind, byte } of mutations) {
      const at = Math.floor(place * bytes.length);
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      const kept = bytes.subarray(at, at + 1);
      if (kind === "replace") bytes = Buffer.concat([before, Buffer.from([byte]), after]);
      else if (kind === "insert") bytes = Buffer.concat([before, Buffer.from([byte]), kept, after]);
      else if (kind === "delete") bytes = Buffer.concat([before, after]);
      else if (kind === "cut") bytes = before;
      else
        bytes = Buffer.concat([before, Buffer.from(kept.map((value) => value ^ (1 << (byte % 8)))), after]);
    }
    return Buffer.from(bytes.filter((value) => value !== 0x0a));
  });

/** Any line, without its line feed. */
export const anyLine: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: recordLine.map((text) => Buffer.from(text.replaceAll("\n", " "))) },
  { weight: 4, arbitrary: damagedLine },
  { weight: 1, arbitrary: oddLine.map((text) => Buffer.from(text)) },
);
