// Loaded before the platform: every job stands in the queue twice and every event in its topic twice, as at-least-once
// allows.
import { Queue, type BulkJobOptions } from 'bullmq'
import { Kafka, type Producer } from 'kafkajs'

// oxlint-disable typescript/unbound-method -- called with the objects they were taken from
const { addBulk } = Queue.prototype
const { producer } = Kafka.prototype

type Job = { name: string; data: unknown; opts?: BulkJobOptions }

Queue.prototype.addBulk = function (this: Queue, jobs: Job[]) {
  const again = jobs.map((job) => ({ ...job, opts: { ...job.opts, jobId: `${job.opts?.jobId ?? ''}-again` } }))
  return addBulk.call(this, [...jobs, ...again] as never)
} as never

Kafka.prototype.producer = function (...args): Producer {
  const real = producer.apply(this, args)
  return {
    ...real,
    send: async (record) => (await real.send(record), real.send(record)),
    sendBatch: async (batch) => (await real.sendBatch(batch), real.sendBatch(batch)),
  }
}
