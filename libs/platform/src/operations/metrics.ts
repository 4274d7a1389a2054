import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** The metrics of one process; asking twice for a name gives the same metric. */
export class Metrics {
  readonly registry = new Registry()

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return (
      this.known<Counter>(name) ?? new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] })
    )
  }

  gauge(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    collect?: (gauge: Gauge) => Promise<void>,
  ): Gauge {
    const known = this.known<Gauge>(name)
    if (known !== undefined) return known
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      // A figure that cannot be measured now is left out, so that the others are still reported.
      ...(collect === undefined ? {} : { collect: () => collect(gauge).catch(() => gauge.reset()) }),
    })
    return gauge
  }

  histogram(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    buckets: readonly number[] = secondsBuckets,
  ): Histogram {
    return (
      this.known<Histogram>(name) ??
      new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.registry] })
    )
  }

  private known<T>(name: string): T | undefined {
    return this.registry.getSingleMetric(name) as T | undefined
  }
}
