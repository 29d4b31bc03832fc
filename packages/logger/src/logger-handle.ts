import type { BuiltinEventMap, EventInput } from "@prodigy-events/schema";
import type {
  ChildLogger,
  ChildOptions,
  EventLogger,
  FlushOptions,
  LogOptions,
  ShutdownOptions,
  ShutdownReport,
} from "./event-logger.js";
import type { LoggerCore } from "./logger-core.js";
import type { Scope } from "./record/scope.js";
import type { LoggerStats } from "./stats.js";

/** A child: the shared core, seen through a scope of its own. */
export class ChildHandle<M = BuiltinEventMap, Bound extends string = "job_id">
  implements ChildLogger<M, Bound>
{
  protected readonly core: LoggerCore;
  readonly #scope: Scope;

  constructor(core: LoggerCore, scope: Scope) {
    this.core = core;
    this.#scope = scope;
  }

  log(event: EventInput<M, Bound>, options?: LogOptions): string | null {
    return this.core.log(event, this.#scope, options);
  }

  child<Fields extends object>(
    fields: Fields,
    options: ChildOptions = {},
  ): ChildLogger<M, Bound | (keyof Fields & string)> {
    const additions = { ...options, fields: fields as Readonly<Record<string, unknown>> };
    return new ChildHandle(this.core, this.core.parts.scopes.extend(this.#scope, additions));
  }

  withCorrelation<Result>(correlationId: string, callback: () => Result): Result {
    return this.core.withCorrelation(correlationId, callback);
  }

  flush(options?: FlushOptions): Promise<void> {
    return this.core.flush(options);
  }

  flushSync(): void {
    this.core.flushSync();
  }

  ready(): Promise<void> {
    return this.core.ready();
  }

  get canAccept(): boolean {
    return this.core.canAccept;
  }

  stats(): LoggerStats {
    return this.core.stats();
  }

  childEnv(): Record<string, string> {
    return this.core.childEnv(this.#scope);
  }

  get producerId(): string {
    return this.core.parts.producerId;
  }

  get correlationId(): string {
    return this.core.correlationIdIn(this.#scope);
  }

  get directory(): string {
    return this.core.parts.settings.directory;
  }
}

/** The root: it alone ends the core. */
export class RootHandle<M = BuiltinEventMap, Bound extends string = "job_id">
  extends ChildHandle<M, Bound>
  implements EventLogger<M, Bound>
{
  shutdown(options?: ShutdownOptions): Promise<ShutdownReport> {
    return this.core.shutdown(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.core.shutdown();
  }
}
