import { entry, type ErrorEntry } from './error-entry.js'

/** Errors that keep a process from starting, or from working with the other processes of its platform. */
export const serverErrors = {
  CONFIG_INVALID: entry(
    500,
    false,
    ['The configuration is not valid', '配置无效'],
    ['Correct the variables listed', '请更正列出的环境变量'],
  ),
  POSTGRES_UNAVAILABLE: entry(
    500,
    false,
    ['Postgres could not be started or reached', '无法启动或连接 Postgres'],
    ['Read the cause; check DATABASE_URL or REELTAG_HOME', '请检查 DATABASE_URL 或 REELTAG_HOME'],
  ),
  SERVER_UNREACHABLE: entry(
    500,
    false,
    ['A server that the configuration names could not be reached', '无法连接配置中指定的服务器'],
    ['Start it, or correct its address', '请启动该服务器，或更正其地址'],
  ),
  REDIS_UNAVAILABLE: entry(
    500,
    false,
    ['Redis could not be reached', '无法连接 Redis'],
    ['Check REDIS_URL, its password and its database number', '请检查 REDIS_URL 及其中的密码与数据库编号'],
  ),
  REDIS_EVICTS: entry(
    500,
    false,
    ['This Redis may delete jobs when its memory is full', '该 Redis 在内存不足时会丢弃任务'],
    ['Set `maxmemory-policy noeviction` in redis.conf', '请在 redis.conf 中设置 maxmemory-policy noeviction'],
  ),
  QUEUES_DIFFER: entry(
    500,
    true,
    ['Processes of one platform use different stores for their queues', '同一平台的各进程使用了不同的队列存储'],
    [
      'Give every process the same REDIS_URL and REDIS_PREFIX, or set neither',
      '请为所有进程设置相同的 REDIS_URL 与 REDIS_PREFIX，或全部不设置',
    ],
  ),
  DATABASES_DIFFER: entry(
    500,
    false,
    ['These queues belong to another database', '这些队列属于另一个数据库'],
    [
      'Use the DATABASE_URL of the other processes; for another platform or a new database, set another REDIS_PREFIX or empty Redis',
      '请使用与其他进程相同的 DATABASE_URL；若是另一平台或新数据库，请更换 REDIS_PREFIX 或清空 Redis',
    ],
  ),
  BLOBS_DIFFER: entry(
    503,
    true,
    ['Processes of one platform use different stores for their blobs', '同一平台的各进程使用了不同的文件存储'],
    [
      'Give every process the same BLOB_URL; if you moved the blobs, move their `store-id` too',
      '请为所有进程设置相同的 BLOB_URL；若移动过文件存储，请一并移动其中的 store-id',
    ],
    { outage: true },
  ),
  KAFKA_DIFFERS: entry(
    500,
    true,
    ['Processes of one platform send their events to different places', '同一平台的各进程使用了不同的事件总线'],
    [
      'Give every process the same KAFKA_BROKERS and KAFKA_PREFIX, or set neither; before you change them, stop every process',
      '请为所有进程设置相同的 KAFKA_BROKERS 与 KAFKA_PREFIX，或全部不设置；迁移前请先停止所有进程',
    ],
  ),
  SCHEMA_MISMATCH: entry(
    500,
    false,
    ['The database schema does not match this version of Reeltag', '数据库结构与版本不符'],
    [
      'Run `npm run reeltag -- migrate deploy`, or use the matching version',
      '请运行 npm run reeltag -- migrate deploy 或使用匹配的版本',
    ],
  ),
  MIGRATION_EDITED: entry(
    500,
    false,
    ['A migration file differs from the one that was applied', '迁移文件与已执行的不一致'],
    ['Restore the file; put the change in a new migration', '请恢复文件，并在新的迁移中修改'],
  ),
  PORT_TAKEN: entry(
    500,
    false,
    ['The port is in use', '端口被占用'],
    ['Set PORT to a free port', '请将 PORT 设为空闲端口'],
  ),
  ADDRESS_UNUSABLE: entry(
    500,
    false,
    ['This machine cannot listen on that address', '无法在该地址上监听'],
    [
      'Set HOST to an address of this machine, and PORT to one you may use',
      '请将 HOST 设为本机地址，PORT 设为有权使用的端口',
    ],
  ),
  HOME_UNUSABLE: entry(
    500,
    false,
    ['REELTAG_HOME is not a writable folder', 'REELTAG_HOME 不是可写的文件夹'],
    ['Set REELTAG_HOME to a folder that you can write to', '请将 REELTAG_HOME 设为您可写的文件夹'],
  ),
  HOME_LOCKED: entry(
    500,
    false,
    ['Another Reeltag uses this REELTAG_HOME', '该 REELTAG_HOME 正被另一个 Reeltag 使用'],
    ['Stop it, or set another REELTAG_HOME', '请停止它，或设置其他 REELTAG_HOME'],
  ),
  HANDLER_MISSING: entry(
    500,
    false,
    ['A job has no handler, or two', '任务缺少处理器或重复'],
    [
      'Write or remove the handler that `detail` names; check REELTAG_SERVICES',
      '请按 detail 编写或移除处理器，并检查 REELTAG_SERVICES',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>
