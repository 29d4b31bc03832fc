import {
  builtinEvents,
  type Catalog,
  categoryOf,
  normalizeEventType,
  severityOf,
} from "@prodigy-events/schema";
import { typeMatcher } from "../filter/event-type-pattern.js";
import type { Query } from "../filter/query.js";
import { codeCount, column, type Kernel, unlisted } from "./kernel.js";
import { unsure, unwanted, type Verdict, wanted } from "./verdict.js";

const unknown = 255;

/** What a question demands of event types, looked up by their codes: each type is thought about once. */
export class TypeTable {
  readonly #kernel: Kernel;
  readonly #judge: (eventType: string) => Verdict;
  readonly #verdicts = new Uint8Array(codeCount).fill(unknown);
  readonly #names: (string | undefined)[] = [];

  constructor(query: Query, catalog: Catalog<unknown>, kernel: Kernel) {
    this.#kernel = kernel;
    this.#judge = judgeOf(query, catalog);
  }

  /** The same for the name of a type. */
  verdictOf(eventType: string): Verdict {
    return this.#judge(eventType);
  }

  verdict(code: number): Verdict {
    if (code === unlisted) return unsure;
    const known = this.#verdicts[code]!;
    if (known !== unknown) return known as Verdict;
    const verdict = this.#judge(this.#kernel.text(column.type, code));
    this.#verdicts[code] = verdict;
    if (verdict === unwanted) this.#kernel.leaveOutType(code);
    return verdict;
  }

  /** The type in our spelling. */
  name(code: number): string {
    this.#names[code] ??= normalizeEventType(this.#kernel.text(column.type, code));
    return this.#names[code]!;
  }
}

function judgeOf(query: Query, catalog: Catalog<unknown>): (eventType: string) => Verdict {
  const { eventTypes, severities, categories } = query;
  const matches = eventTypes.length > 0 ? typeMatcher(eventTypes) : () => true;
  return (eventType) => {
    const event = { event_type: eventType };
    if (!matches(eventType)) return unwanted;
    if (categories.length > 0 && !categories.includes(categoryOf(event, catalog))) return unwanted;
    if (severities.length === 0) return wanted;
    if (!hasFixedSeverity(eventType, catalog)) return unsure;
    return severities.includes(severityOf(event, catalog)) ? wanted : unwanted;
  };
}

/** Whether the severity is the type's: that of a declared type may depend on the event. */
function hasFixedSeverity(eventType: string, catalog: Catalog<unknown>): boolean {
  const definition = catalog.get(eventType) ?? catalog.get(normalizeEventType(eventType));
  return definition === undefined || builtinEvents.get(definition.eventType) === definition;
}
