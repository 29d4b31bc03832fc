import type { Match, QueryReport, SearchTerm, Store } from "@prodigy-events/query";
import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { UsageError } from "../errors/usage-error.js";
import { limits } from "../limits.js";
import { filterOptions, selectionOptions, strictOption } from "../options/filter-options.js";
import { outputFormatOption, type ReportFormat, timeOptions } from "../options/output-options.js";
import { effortOptions, sourceOptions } from "../options/source-options.js";
import { parseWholeNumber } from "../options/whole-number.js";
import { defineCommand, type Invocation } from "../program/command.js";
import { reportDamage } from "../reading/damage-report.js";
import { explainReading } from "../reading/explain.js";
import { UnknownTypes, warnMisspeltField } from "../reading/name-warnings.js";
import { explainEmptyAnswer } from "../reading/nothing-matched.js";
import { openSource } from "../reading/open-source.js";
import { outputFormatOf, timeFormatOf } from "../reading/output-choices.js";
import { filterOf, limitOf } from "../reading/query-input.js";
import { showReadingProgress, withProgress } from "../reading/show-progress.js";
import { writeRecords } from "../reading/write-records.js";
import { type ContextGroup, groupContext } from "../search/context-groups.js";
import { compilePattern } from "../search/pattern.js";
import { createSearchFormat, withSeparators } from "../search/search-format.js";
import { takePattern } from "../search/take-pattern.js";

const matching = "Matching";

const options = optionTable({
  "fixed-strings": { kind: "flag", short: "F", group: matching, summary: "the pattern is plain text" },
  "case-sensitive": {
    kind: "flag",
    group: matching,
    summary: "upper and lower case differ [default: only if the pattern has an upper-case letter]",
  },
  fields: {
    kind: "list",
    value: "FIELD",
    group: matching,
    summary: "search only these, looked up at the top, in event and in metadata",
  },
  raw: { kind: "flag", group: matching, summary: "search the line as it is stored, keys and all" },
  context: {
    kind: "text",
    short: "C",
    value: "N",
    group: matching,
    summary: "also N records of the same agent before and after",
  },
  count: { kind: "flag", group: matching, summary: "only say how many match" },
  ...sourceOptions,
  ...effortOptions,
  ...filterOptions,
  ...selectionOptions,
  ...strictOption,
  "exit-status": { kind: "flag", group: "Selection", summary: "exit with 1 if nothing matched" },
  ...outputFormatOption,
  ...timeOptions,
});

type SearchValues = Invocation<typeof options>["values"];

export const search = defineCommand({
  usage: "PATTERN [options]",
  description:
    "Shows records whose texts or event type match a JavaScript regular expression. Keys are not searched; --raw " +
    "searches the whole line.",
  options,
  maxPositionals: 1,
  examples: [
    { line: 'search "error|failed"', does: "either word, in any text" },
    { line: 'search "timeout" --fields error,description', does: "in these fields only" },
    { line: "search -F 'src/a(b).ts' -C 3", does: "plain text, with what the same agent did around it" },
    { line: "search workflow-abc123", does: "one run, by its correlation id" },
    { line: "search ENOSPC --count --exit-status", does: "for scripts" },
  ],
  async run({ values: given, positionals, context }) {
    const { pattern, file } = takePattern(positionals, given.file);
    const values: SearchValues = { ...given, file };
    requireRereadable(values);
    const { messages } = context;
    const expression = compilePattern(pattern, {
      isLiteral: values["fixed-strings"],
      isCaseSensitive: values["case-sensitive"],
    });
    const store = await openSource(values, context);
    const term = searchTerm(pattern, expression, values);
    const unknownTypes = new UnknownTypes(values["event-type"]);
    const look = values.count ? countMatches : showMatches;
    const { matched, report } = await look(store, term, { expression, unknownTypes, values, context });
    explainReading(report, values, messages);
    const exitCode = reportDamage(report, messages);
    unknownTypes.report(report.excludedTypes, messages);
    if (matched > 0) return exitCode;
    for (const field of values.fields) warnMisspeltField(field, messages);
    await explainEmptyAnswer(report, { pattern, values, store }, messages);
    return values["exit-status"] ? exitCodes.failed : exitCode;
  },
});

/** What both ways to answer take. */
interface Search {
  readonly expression: RegExp;
  readonly unknownTypes: UnknownTypes;
  readonly values: SearchValues;
  readonly context: Invocation<typeof options>["context"];
}

interface SearchAnswer {
  readonly matched: number;
  readonly report: QueryReport;
}

async function showMatches(
  store: Store,
  term: SearchTerm,
  { expression, unknownTypes, values, context }: Search,
): Promise<SearchAnswer> {
  const hits = store.search(term.pattern, {
    ...filterOf(values),
    ...term,
    limit: limitOf(values) ?? 0,
    order: values.order === "oldest" ? "oldest" : "newest",
    strict: values.strict,
  });
  let matched = 0;
  const observed = observe(hits.batches(), (batch) => {
    matched += batch.length;
    unknownTypes.observe(batch);
  });
  const progress = showReadingProgress(hits, store, values, context);
  try {
    await writeMatches(store, observed, expression, values, context);
  } finally {
    progress.stop();
  }
  return { matched, report: hits.report };
}

async function countMatches(
  store: Store,
  term: SearchTerm,
  { unknownTypes, values, context }: Search,
): Promise<SearchAnswer> {
  const question = { ...filterOf(values), search: term, groupBy: ["event_type"], strict: values.strict };
  const { groups, total, report } = await withProgress(
    (onProgress) => store.stats({ ...question, onProgress }),
    store,
    values,
    context,
  );
  for (const { key } of groups) unknownTypes.observeType(String(key[0]));
  const limit = limitOf(values) ?? 0;
  const matched = limit > 0 ? Math.min(limit, total) : total;
  await context.out.write(renderCount(matched, outputFormatOf(values)));
  return { matched, report };
}

function searchTerm(pattern: string, expression: RegExp, values: SearchValues): SearchTerm {
  return {
    pattern: values["fixed-strings"] ? pattern : expression,
    literal: values["fixed-strings"],
    raw: values.raw,
    caseSensitive: !expression.ignoreCase,
    ...(values.fields.length > 0 ? { fields: values.fields } : {}),
  };
}

/** Context takes a second look at the same records. */
function requireRereadable({ context: size, count, file }: SearchValues): void {
  if (size === undefined || count || !file.includes("-")) return;
  throw new UsageError(
    "search -C reads everything twice, which standard input does not allow; give it as a file",
  );
}

async function writeMatches(
  store: Store,
  hits: AsyncIterable<readonly Match[]>,
  expression: RegExp,
  values: SearchValues,
  context: Invocation<typeof options>["context"],
): Promise<void> {
  const size = values.context === undefined ? 0 : parseWholeNumber("--context", values.context);
  const name = outputFormatOf(values);
  const base = {
    terminal: context.terminal,
    time: timeFormatOf(values, context),
    isOneJob: values["job-id"].length === 1,
  };
  const shared = { name, expression, fields: values.fields, isRaw: values.raw, base };
  if (size === 0) {
    await writeRecords(hits, createSearchFormat(shared), context.out);
    return;
  }
  const hitOf = new WeakSet<Match>();
  const format = createSearchFormat({ ...shared, isContext: (match) => !hitOf.has(match) });
  const all = store.query({ ...filterOf(values) }).batches();
  const groups = observe(groupContext(all, hits, size, limits.heldContextRecords), (group) => {
    for (const match of group.hits) hitOf.add(match);
  });
  await writeRecords(matchesOf(groups), name === "human" ? withSeparators(format) : format, context.out);
}

async function* matchesOf(groups: AsyncIterable<ContextGroup>): AsyncGenerator<readonly Match[]> {
  for await (const { matches } of groups) yield matches;
}

async function* observe<Item>(items: AsyncIterable<Item>, see: (item: Item) => void): AsyncGenerator<Item> {
  for await (const item of items) {
    see(item);
    yield item;
  }
}

function renderCount(count: number, format: ReportFormat): string {
  if (format === "json" || format === "ndjson") return `${JSON.stringify({ count })}\n`;
  if (format === "yaml") return `count: ${count}\n`;
  return format === "csv" || format === "table" ? `count\n${count}\n` : `${count}\n`;
}
