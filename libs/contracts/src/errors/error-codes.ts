import { entry, type ErrorEntry } from './error-entry.js'
import { importErrors } from './imports.js'
import { modelErrors } from './models.js'

/**
 * Every way in which Reeltag says no, in one table: the HTTP status it has at the edge, whether doing the
 * same thing again can help, and what a person reads. Codes are part of the public contract: they may be added, never
 * renamed or reused.
 */
export const errorCodes = {
  // requests
  BODY_INVALID: entry(
    400,
    false,
    ['The body does not fit its schema', '请求内容不符合格式'],
    ['Correct the fields listed in `issues`', '请更正 issues 中列出的字段'],
  ),
  BODY_NOT_JSON: entry(
    400,
    false,
    ['The body is not valid JSON', '请求内容不是合法的 JSON'],
    ['Send UTF-8 encoded JSON', '请发送 UTF-8 编码的 JSON'],
  ),
  TEXT_NOT_UTF8: entry(
    400,
    false,
    ['The text is not valid UTF-8', '文本不是合法的 UTF-8'],
    ['Send UTF-8 without lone surrogates or U+0000', '请发送不含孤立代理项与 U+0000 的 UTF-8 文本'],
  ),
  CONTENT_EMPTY: entry(
    400,
    false,
    ['Neither a video nor any text was sent', '既没有视频也没有文本'],
    ['Send a file, or at least one text field', '请至少提供视频文件或一个文本字段'],
  ),
  MULTIPART_INVALID: entry(
    400,
    false,
    ['The multipart body is malformed', 'multipart 内容格式错误'],
    ['Send one `content` field and at most one `file` part', '请发送一个 content 字段与至多一个 file 文件'],
  ),
  UPLOAD_TOO_LARGE: entry(
    413,
    false,
    ['The upload is larger than this server accepts', '上传内容超过服务器上限'],
    ['Send a smaller file, or raise UPLOAD_BYTES_MAX', '请减小文件，或调高 UPLOAD_BYTES_MAX'],
  ),
  UPLOAD_INTERRUPTED: entry(
    400,
    true,
    ['The upload ended before all of it arrived', '上传中断'],
    ['Send it again', '请重新上传'],
  ),
  BODY_TOO_LARGE: entry(
    413,
    false,
    ['The body is larger than this server accepts', '请求内容超过上限'],
    ['Shorten the text fields', '请缩短文本字段'],
  ),
  REQUEST_MALFORMED: entry(
    400,
    false,
    ['The request is not valid HTTP', '请求不符合 HTTP 规范'],
    ['Use an HTTP/1.1 client', '请使用标准的 HTTP/1.1 客户端'],
  ),
  HEADERS_TOO_LARGE: entry(
    431,
    false,
    ['The headers or the address are too long', '请求头或地址过长'],
    ['Send shorter headers', '请缩短请求头'],
  ),
  MEDIA_TYPE_UNSUPPORTED: entry(
    415,
    false,
    ['This media type is not accepted here', '不支持该媒体类型'],
    ['Send multipart/form-data or application/json', '请使用 multipart/form-data 或 application/json'],
  ),
  KEY_MISSING: entry(
    401,
    false,
    ['No API key was sent', '缺少 API 密钥'],
    ['Send `Authorization: Bearer <key>`', '请携带 Authorization: Bearer <密钥>'],
  ),
  KEY_INVALID: entry(
    401,
    false,
    ['The API key is unknown or revoked', 'API 密钥无效或已吊销'],
    ['Make a key with `npm run reeltag -- keys create`', '请用 npm run reeltag -- keys create 创建密钥'],
  ),
  SCOPE_MISSING: entry(
    403,
    false,
    ['The API key lacks the scope for this call', 'API 密钥缺少所需权限'],
    ['Use a key with the scope named in `detail`', '请使用具备 detail 中所述权限的密钥'],
  ),
  HOST_REFUSED: entry(
    421,
    false,
    ['This server does not answer for that Host', '服务器不接受该 Host'],
    ['Call it by an address in HOSTS_ALLOWED', '请使用 HOSTS_ALLOWED 中的地址访问'],
  ),
  NOT_FOUND: entry(
    404,
    false,
    ['There is nothing here', '资源不存在'],
    ['Check the address and the workspace of your key', '请检查地址以及密钥所属的工作区'],
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    false,
    ['This method is not allowed here', '不允许的请求方法'],
    ['See /docs', '请查看 /docs'],
  ),
  CURSOR_INVALID: entry(
    400,
    false,
    ['The cursor is not one that this server gave out', '游标无效'],
    ['Start again without a cursor', '请去掉游标重新开始'],
  ),
  EXTERNAL_ID_TAKEN: entry(
    409,
    false,
    ['This externalId already names another content', 'externalId 已被其他内容使用'],
    ['Use a new externalId, or read the content that has it', '请使用新的 externalId，或读取已有内容'],
  ),
  CONTENT_BUSY: entry(
    409,
    true,
    ['The content is still being tagged', '内容仍在处理中'],
    ['Wait until its state is final', '请等待处理完成'],
  ),
  OVERLOADED: entry(
    503,
    true,
    ['The server has too much work at the moment', '服务器繁忙'],
    ['Try again after the time in Retry-After', '请在 Retry-After 之后重试'],
  ),
  NOT_READY: entry(
    503,
    true,
    [
      'This process is starting or stopping, or a server that it needs is away',
      '该进程正在启动或停止，或其依赖的服务器不可用',
    ],
    ['Try again soon; /health/ready says what it waits for', '请稍后重试；/health/ready 会说明正在等待什么'],
  ),
  STORAGE_FULL: entry(
    507,
    true,
    ['The disk or the store of this server is full', '存储空间已满'],
    [
      'Free space where BLOB_URL, REELTAG_HOME or Postgres keep their data; the cause names which',
      '请清理 BLOB_URL、REELTAG_HOME 或 Postgres 所在磁盘',
    ],
  ),
  INTERNAL: entry(
    500,
    true,
    ['Something failed inside the server', '服务器内部错误'],
    ['Try again; if it stays, report the trace id', '请重试；若仍失败，请反馈 trace id'],
  ),
  // media
  MEDIA_EMPTY: entry(422, false, ['The file has no bytes', '文件为空'], ['Send the video itself', '请上传视频文件']),
  MEDIA_UNRECOGNISED: entry(
    422,
    false,
    ['The file is not a video of a known container', '无法识别的视频格式'],
    ['Send MP4, MOV, MKV, WebM, AVI, FLV, MPEG-TS or ASF', '请上传 MP4、MOV、MKV、WebM、AVI、FLV、MPEG-TS 或 ASF'],
  ),
  MEDIA_UNDECODABLE: entry(
    422,
    false,
    ['No frame of the video could be decoded', '视频无法解码'],
    ['Check that the file plays; encode it again', '请确认文件可播放并重新编码'],
  ),
  MEDIA_NO_VIDEO_STREAM: entry(
    422,
    false,
    ['The file has no video stream', '文件中没有视频流'],
    ['Send a file with a picture, or only text', '请上传含画面的视频，或仅提交文本'],
  ),
  MEDIA_TOO_MANY_PIXELS: entry(
    422,
    false,
    ['The picture is larger than this server decodes', '画面像素超过上限'],
    ['Send a smaller picture, or raise VIDEO_PIXELS_MAX', '请降低分辨率，或调高 VIDEO_PIXELS_MAX'],
  ),
  MEDIA_TOO_MANY_STREAMS: entry(
    422,
    false,
    ['The file has more streams than this server opens', '文件包含过多的流'],
    ['Send one video and one audio stream', '请只保留一路视频与一路音频'],
  ),
  MEDIA_TOO_LONG: entry(
    422,
    false,
    ['The video is longer than this server accepts', '视频时长超过上限'],
    ['Send a shorter video, or raise VIDEO_SECONDS_MAX', '请缩短视频，或调高 VIDEO_SECONDS_MAX'],
  ),
  DECODE_TIMEOUT: entry(
    422,
    false,
    ['Decoding took longer than its limit', '解码超时'],
    ['Encode the video again with more keyframes', '请以更密的关键帧重新编码'],
  ),
  DECODE_MEMORY: entry(
    422,
    false,
    ['Decoding needed more memory than its limit', '解码内存超过上限'],
    ['Send a smaller picture', '请降低分辨率'],
  ),
  DECODER_CRASHED: entry(
    422,
    false,
    ['The decoder died on this file', '解码器在处理该文件时崩溃'],
    ['Encode the video again', '请重新编码视频'],
  ),
  // models and packs
  ...modelErrors,
  ...importErrors,
  // pipeline
  STAGE_EXHAUSTED: entry(
    500,
    true,
    ['A stage failed too often', '处理阶段多次失败'],
    ['Read the cause in `detail`; tag the content again', '请查看 detail 中的原因后重新处理'],
  ),
  BLOB_MISSING: entry(
    500,
    false,
    ['A stored file is gone', '存储文件丢失'],
    ['Submit the content again', '请重新提交内容'],
  ),
  BLOBS_UNAVAILABLE: entry(
    503,
    true,
    ['The blob store does not answer', '存储服务不可用'],
    ['Try again; check BLOB_URL, its server and its credentials', '请重试，并检查 BLOB_URL、存储服务及其凭证'],
  ),
  // events
  EVENT_UNREADABLE: entry(
    500,
    false,
    ['A message is not an event that this consumer can read', '消息不是可读取的事件'],
    [
      'Read the cause with `npm run reeltag -- dlq list`; find who wrote it',
      '请用 npm run reeltag -- dlq list 查看原因，并查明写入方',
    ],
  ),
  EVENT_TOO_LARGE: entry(
    500,
    false,
    ['An event is larger than events may be', '事件超过大小上限'],
    ['Report it: big data belongs in a blob', '请反馈：大数据应存为数据块'],
  ),
  CONSUMER_DEAD: entry(
    500,
    true,
    ['A Kafka consumer gave up and cannot come back by itself', 'Kafka 消费者已停止且无法自行恢复'],
    ['Start the process again; read the cause', '请重启该进程，并查看原因'],
  ),
  KAFKA_REFUSED: entry(
    500,
    false,
    ['Kafka refused this client', 'Kafka 拒绝了该客户端'],
    ['Check the KAFKA_ variables, and what the user may do', '请检查 KAFKA_ 变量与该用户的权限'],
  ),
  KAFKA_UNREACHABLE: entry(
    503,
    true,
    ['Kafka could not be reached', '无法连接 Kafka'],
    ['Check KAFKA_BROKERS and the brokers', '请检查 KAFKA_BROKERS 与 Kafka 服务'],
  ),
  // start-up
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
    ['This Redis may throw jobs away when its memory is full', '该 Redis 在内存不足时会丢弃任务'],
    ['Set `maxmemory-policy noeviction` in redis.conf', '请在 redis.conf 中设置 maxmemory-policy noeviction'],
  ),
  QUEUES_DIFFER: entry(
    500,
    true,
    ['Processes of one platform keep their queues in different places', '同一平台的各进程使用了不同的队列存储'],
    [
      'Give every process the same REDIS_URL and REDIS_PREFIX, or none',
      '请为所有进程设置相同的 REDIS_URL 与 REDIS_PREFIX，或全部不设置',
    ],
  ),
  DATABASES_DIFFER: entry(
    500,
    false,
    ['Another database uses these queues', '这些队列属于另一个数据库'],
    [
      'Name the DATABASE_URL of the other processes; another platform, or a new database, needs another REDIS_PREFIX or an emptied Redis',
      '请使用与其他进程相同的 DATABASE_URL；若是另一平台或新数据库，请更换 REDIS_PREFIX 或清空 Redis',
    ],
  ),
  BLOBS_DIFFER: entry(
    503,
    true,
    ['Processes of one platform keep their blobs in different places', '同一平台的各进程使用了不同的文件存储'],
    [
      'Give every process the same BLOB_URL; where blobs were moved, move their `store-id` with them',
      '请为所有进程设置相同的 BLOB_URL；若移动过文件存储，请一并移动其中的 store-id',
    ],
  ),
  KAFKA_DIFFERS: entry(
    500,
    true,
    ['Processes of one platform send their events to different places', '同一平台的各进程使用了不同的事件总线'],
    [
      'Give every process the same KAFKA_BROKERS and KAFKA_PREFIX, or none; to move, stop every process first',
      '请为所有进程设置相同的 KAFKA_BROKERS 与 KAFKA_PREFIX，或全部不设置；迁移前请先停止所有进程',
    ],
  ),
  SCHEMA_MISMATCH: entry(
    500,
    false,
    ['The database has another schema than this version', '数据库结构与版本不符'],
    [
      'Run `npm run reeltag -- migrate deploy`, or use the matching version',
      '请运行 npm run reeltag -- migrate deploy 或使用匹配的版本',
    ],
  ),
  MIGRATION_EDITED: entry(
    500,
    false,
    ['A migration differs from what was applied', '迁移文件与已执行的不一致'],
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
    ['REELTAG_HOME is not a folder that can be written to', 'REELTAG_HOME 不是可写的文件夹'],
    ['Set REELTAG_HOME to a folder of your own', '请将 REELTAG_HOME 设为您可写的文件夹'],
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
    ['Check REELTAG_SERVICES', '请检查 REELTAG_SERVICES'],
  ),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCodes

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code)
