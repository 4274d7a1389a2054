import { AssignerProtocol, Kafka, logLevel, type Consumer } from 'kafkajs'

const name = 'strange'

/** Holds a consumer group with a protocol that nobody else speaks: Kafka refuses every other member for ever. */
export const joinAsStranger = async (brokers: string, groupId: string, topic: string): Promise<Consumer> => {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    partitionAssigners: [
      () => ({
        name,
        version: 1,
        assign: ({ members }) =>
          Promise.resolve(
            members.map(({ memberId }) => ({
              memberId,
              memberAssignment: AssignerProtocol.MemberAssignment.encode({
                version: 1,
                assignment: {},
                userData: Buffer.alloc(0),
              }),
            })),
          ),
        protocol: ({ topics }) => ({
          name,
          metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
        }),
      }),
    ],
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic] })
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.run({ eachMessage: () => Promise.resolve() })
  await joined
  return consumer
}
