/** Every number that decides how the platform uses Kafka, with its reason. What an operator may change is configuration. */

/** How often the client itself tries again. Few and short tries: the relay and the consumers have loops of their own. */
export const clientRetry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 }

export const client = {
  /** A broker on a healthy network accepts at once; a dead address must not hold up the others in the list. */
  connectionTimeout: 3_000,
  /** SCRAM takes two round trips and some hashing. */
  authenticationTimeout: 5_000,
  /** Longer than the longest wait that a request asks for: a send waits for its replicas for ten seconds. */
  requestTimeout: 10_000,
}

export const consumer = {
  /** A member that was killed keeps its partitions for this long; nothing else waits for them. */
  sessionTimeout: 10_000,
  /** Several beats fit into a session, so that one that is late costs nothing. */
  heartbeatInterval: 2_000,
  /** How long the group waits for members that are in the middle of a batch. */
  rebalanceTimeout: 30_000,
  /** How long the broker may hold back an answer when there is nothing to read. */
  maxWaitTimeInMs: 500,
}

/** Handlers may run for longer than a session, so heartbeats are also sent between those of the client. */
export const handlerHeartbeatMs = 1_000

/** Offsets are committed after this many messages of a partition: the most that a crash makes it read again. */
export const chunkMax = 64

/** Messages of one chunk that are handled at the same time; those with the same key stay in order. */
export const lanes = 32

/** Partitions of one member that are read at the same time. */
export const partitionsAtOnce = 4

/** Between two attempts to join while Kafka is away. */
export const joinPauseMs = 1_000

/** The longest pause between two tries of a message while Postgres is away; it begins with a tenth of a second. */
export const serverPauseMsMax = 2_000

/** A member that was silent for three minutes while Kafka answers is dead; it is looked at several times in between. */
export const watchdog = { lookEveryMs: 15_000, silentMsMax: 180_000 }

/** How long `sendBatch` may wait until all in-sync replicas have a batch. */
export const replicasTimeoutMs = 10_000

/** All that goes to one partition in one send is one batch, and brokers accept a mebibyte at most by default. */
export const sendBytesMax = 700 * 1_024
/** Headers and framing of one message, generously. */
export const messageOverheadBytes = 1_024

/** A larger dead letter is kept without its message, for the same limit of a mebibyte. */
export const letterBytesMax = 768 * 1_024
export const letterDetailCharactersMax = 1_000

/** Twice what an event of the platform may have; a larger message was written by somebody else. */
export const messageBytesMax = 2 * 256 * 1_024

/** Long enough for a person to notice a dead letter; topics without a limit grow for ever. */
export const deadLettersKeptDays = 90

/** How long a process waits for Kafka when it starts. After that it goes on without, and events wait in the outbox. */
export const firstLookMs = 5_000

/** The identity of the cluster is read again after this time: a cluster that was rebuilt has another one. */
export const identityFreshMs = 10_000

/** Brokers learn of a new topic a moment after it was made. */
export const newTopic = { leaderWaitMs: 10_000, pollMs: 50 }
