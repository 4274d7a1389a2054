// Real Redis and Kafka for a benchmark, and what they are called in the environment.
import { startKafka, startRedis, whyNot } from '@reeltag/testing'

/** @param {import('./run-options.mjs').Run} run is told where this machine lacks one @returns {boolean} */
export const lacksServers = (run) => {
  const reasons = [whyNot('redis'), whyNot('kafka')].filter((reason) => reason !== undefined)
  if (reasons.length > 0) run.leaveOut('Redis and Kafka', reasons.join('; '))
  return reasons.length > 0
}

/** @param {import('./run-options.mjs').Run} run */
export const startServers = async (run) => {
  run.say('Redis and Kafka …')
  const [redis, kafka] = await Promise.all([startRedis(), startKafka()])
  return {
    variables: { REDIS_URL: redis.address, KAFKA_BROKERS: kafka.address },
    pids: { redis: redis.pid, kafka: kafka.pid },
    stop: () => Promise.all([redis.remove(), kafka.remove()]),
  }
}
