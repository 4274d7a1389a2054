import { entry, type ErrorEntry } from './error-entry.js'

/** Errors of events and of the event bus. */
export const eventErrors = {
  EVENT_UNREADABLE: entry(
    500,
    false,
    ['A message is not an event that this consumer can read', '消息不是可读取的事件'],
    [
      'Read the cause with `npm run reeltag -- dlq list`; find out which client wrote the message',
      '请用 npm run reeltag -- dlq list 查看原因，并查明写入方',
    ],
  ),
  EVENT_TOO_LARGE: entry(
    500,
    false,
    ['An event exceeds the size limit', '事件超过大小上限'],
    ['Report it as a defect; large data belongs in a blob', '请反馈：大数据应存为数据块'],
  ),
  CONSUMER_DEAD: entry(
    500,
    true,
    ['A Kafka consumer stopped and cannot restart by itself', 'Kafka 消费者已停止且无法自行恢复'],
    ['Read the cause, then restart the process', '请重启该进程，并查看原因'],
  ),
  KAFKA_REFUSED: entry(
    500,
    false,
    ['Kafka refused this client', 'Kafka 拒绝了该客户端'],
    ['Check the KAFKA_ variables and the permissions of the user', '请检查 KAFKA_ 变量与该用户的权限'],
  ),
  KAFKA_UNREACHABLE: entry(
    503,
    true,
    ['Kafka could not be reached', '无法连接 Kafka'],
    ['Check KAFKA_BROKERS and the brokers', '请检查 KAFKA_BROKERS 与 Kafka 服务'],
  ),
} as const satisfies Record<string, ErrorEntry>
