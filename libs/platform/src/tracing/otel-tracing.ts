import {
  context,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as OtelSpan,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { ReeltagError } from '@reeltag/contracts'
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../operations/logger.js'
import { attributeNames } from './trace-names.js'
import { formatTraceparent, parseTraceparent } from './traceparent.js'
import { Tracing, type Span, type SpanOptions } from './tracing.js'

const stopMs = 5_000

const kinds = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const

/**
 * Spans over OTLP/HTTP. The exporter, the sampler and the batches read OpenTelemetry's own variables
 * (`OTEL_EXPORTER_OTLP_…`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`, `OTEL_RESOURCE_ATTRIBUTES`).
 */
export class OtelTracing extends Tracing {
  private readonly provider: NodeTracerProvider
  private readonly tracer

  constructor({ serviceName, version }: { serviceName: string; version: string }, logger: Logger) {
    super()
    const complain = (message: string): void => logger.warn({ otel: message.slice(0, 500) }, 'tracing')
    const quiet = (): void => undefined
    diag.setLogger(
      { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    )
    const own = resourceFromAttributes({
      'service.name': serviceName,
      'service.version': version,
      'service.instance.id': `${os.hostname()}-${process.pid}`,
    })
    this.provider = new NodeTracerProvider({
      resource: own.merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    })
    this.provider.register()
    this.tracer = trace.getTracer('reeltag', version)
  }

  span<T>(name: string, options: SpanOptions, run: (span: Span) => Promise<T>): Promise<T> {
    const parent = contextOf(options)
    const span = this.start(name, options, parent)
    return context.with(trace.setSpan(parent, span), async () => {
      try {
        return await run({
          traceparent: formatTraceparent(span.spanContext()),
          set: (attributes) => void span.setAttributes(attributes),
        })
      } catch (error) {
        const code = error instanceof ReeltagError ? error.code : error instanceof Error ? error.name : 'unknown'
        span.setAttribute(attributeNames.errorType, code)
        span.setStatus({ code: SpanStatusCode.ERROR, message: code })
        throw error
      } finally {
        span.end()
      }
    })
  }

  record(name: string, options: SpanOptions): void {
    this.start(name, options, contextOf(options)).end()
  }

  current(): string | undefined {
    const span = trace.getActiveSpan()
    return span === undefined ? undefined : formatTraceparent(span.spanContext())
  }

  async stop(): Promise<void> {
    const sent = this.provider.shutdown().catch(() => undefined)
    await Promise.race([sent, sleep(stopMs, undefined, { ref: false })])
  }

  private start(name: string, { kind, links, attributes, startedMsAgo }: SpanOptions, parent: Context): OtelSpan {
    const linked = (links ?? []).flatMap((link) => {
      const spanContext = parseTraceparent(link)
      return spanContext === undefined ? [] : [{ context: { ...spanContext, isRemote: true } }]
    })
    return this.tracer.startSpan(
      name,
      {
        kind: kinds[kind ?? 'internal'],
        links: linked,
        ...(attributes === undefined ? {} : { attributes }),
        ...(startedMsAgo === undefined ? {} : { startTime: Date.now() - startedMsAgo }),
      },
      parent,
    )
  }
}

const contextOf = ({ parent }: SpanOptions): Context => {
  if (parent === undefined) return context.active()
  const spanContext = parseTraceparent(parent)
  return spanContext === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, { ...spanContext, isRemote: true })
}
