// Real Redis and Kafka for a benchmark, and what they are called in the environment.
import { startKafka, startRedis } from '@reeltag/testing'

export const startServers = async () => {
  console.log('• Redis and Kafka …')
  const [redis, kafka] = await Promise.all([startRedis(), startKafka()])
  return {
    variables: { REDIS_URL: redis.address, KAFKA_BROKERS: kafka.address },
    pids: { redis: redis.pid, kafka: kafka.pid },
    stop: () => Promise.all([redis.stop(), kafka.stop()]),
  }
}
