import type { Metrics } from '@reeltag/platform'

/**
 * All metrics of events. They exist from the start, so that an alert does not have to wait for the first occurrence.
 */
export const eventMetrics = (metrics: Metrics) => ({
  published: metrics.counter('reeltag_events_published_total', 'Events that the relay has published', ['name']),
  publishDelay: metrics.histogram('reeltag_event_publish_delay_seconds', 'From writing an event to its publication'),
  deadLetters: metrics.counter('reeltag_dead_letters_total', 'Events that a consumer could not take', [
    'consumer',
    'code',
  ]),
  consumerRestarts: metrics.counter('reeltag_consumer_restarts_total', 'Times a Kafka consumer crashed', ['consumer']),
  consumerLag: metrics.gauge('reeltag_consumer_lag', 'Messages of Kafka that a consumer has still to take', [
    'consumer',
    'topic',
    'partition',
  ]),
  duplicates: metrics.counter('reeltag_inbox_duplicates_total', 'Events that came again and were not taken', [
    'consumer',
  ]),
})
