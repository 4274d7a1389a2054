export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export interface SpanOptions {
  readonly kind?: 'server' | 'producer' | 'consumer' | 'internal'
  /** traceparent of the cause; null if there is none. If absent, the current span. */
  readonly parent?: string | null
  /** traceparents of other traces that it belongs to. */
  readonly links?: readonly string[]
  readonly attributes?: SpanAttributes
  /** How long ago it began, milliseconds; for spans that are recorded afterwards. */
  readonly startedMsAgo?: number
}

export interface Span {
  /** For whoever is caused by this span: goes into rows, headers and events. */
  readonly traceparent: string | null
  set(attributes: SpanAttributes): void
}

/** Shows where the time of a content went, across services. Without an address, `SilentTracing` is used. */
export abstract class Tracing {
  /** Runs a piece of work inside a span; a rejection marks it as failed and passes on. */
  abstract span<T>(name: string, options: SpanOptions, run: (span: Span) => Promise<T>): Promise<T>
  /** A span of something that is already over. */
  abstract record(name: string, options: SpanOptions): void
  /** traceparent of the span under way, if there is one. */
  abstract current(): string | undefined
  /** Sends what is still to be sent; never rejects, and does not take long. */
  abstract stop(): Promise<void>
}

const nothing = (): void => undefined

/** No spans: traceparents pass through unchanged, and nothing is loaded. */
export class SilentTracing extends Tracing {
  span<T>(_name: string, { parent = null }: SpanOptions, run: (span: Span) => Promise<T>): Promise<T> {
    return run({ traceparent: parent, set: nothing })
  }

  record(): void {
    // There is nobody to tell.
  }

  current(): undefined {
    return undefined
  }

  async stop(): Promise<void> {
    // Nothing was started.
  }
}
