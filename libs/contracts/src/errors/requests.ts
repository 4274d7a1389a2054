import { entry, type ErrorEntry } from './error-entry.js'

/** Errors for which a request is refused. */
export const requestErrors = {
  BODY_INVALID: entry(
    400,
    false,
    ['The body does not match its schema', '请求内容不符合格式'],
    ['Correct the fields listed in `issues`', '请更正 issues 中列出的字段'],
  ),
  QUERY_INVALID: entry(
    400,
    false,
    ['A query parameter does not match its schema', '查询参数不符合格式'],
    ['Correct the parameters listed in `issues`; /docs describes them', '请更正 issues 中列出的参数；/docs 有说明'],
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
  MEDIA_URL_EXPIRED: entry(
    403,
    false,
    ['The address of this file has expired', '媒体地址已过期'],
    ['Ask for GET /v1/contents/{id}/media again', '请重新请求 GET /v1/contents/{id}/media'],
  ),
  RANGE_UNSATISFIABLE: entry(
    416,
    false,
    ['The range lies outside the file', '请求的字节范围超出文件'],
    ['Ask for bytes below the size that Content-Range names', '请请求 Content-Range 所示大小以内的字节'],
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
  UPLOAD_INTERRUPTED: entry(400, true, ['The upload ended early', '上传中断'], ['Send it again', '请重新上传']),
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
    ['This server does not accept that Host header', '服务器不接受该 Host'],
    ['Use an address in HOSTS_ALLOWED', '请使用 HOSTS_ALLOWED 中的地址访问'],
  ),
  NOT_FOUND: entry(
    404,
    false,
    ['There is nothing at this address', '资源不存在'],
    ['Check the address and the workspace of your key', '请检查地址以及密钥所属的工作区'],
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    false,
    ['This method is not allowed here', '不允许的请求方法'],
    ['See /docs for the methods of each route', '各路由支持的方法请查看 /docs'],
  ),
  CURSOR_INVALID: entry(
    400,
    false,
    ['The cursor did not come from this server', '游标无效'],
    ['Start again without a cursor', '请去掉游标重新开始'],
  ),
  EXTERNAL_ID_TAKEN: entry(
    409,
    false,
    ['This externalId already belongs to another content', 'externalId 已被其他内容使用'],
    ['Use a new externalId, or read the content that has it', '请使用新的 externalId，或读取已有内容'],
  ),
  CONTENT_BUSY: entry(
    409,
    true,
    ['The content is still being tagged', '内容仍在处理中'],
    ['Wait until its state is final', '请等待处理完成'],
  ),
  LABELS_UNREADABLE: entry(
    422,
    false,
    ['The file of labels cannot be read', '无法读取标签文件'],
    [
      'Correct what `detail` names; what stands before it has been stored, and is recognised when the file is imported again',
      '请更正 detail 所述之处；此前的行已保存，重新导入时会被识别',
    ],
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
      'This process is starting or stopping, or a server that it needs is unavailable',
      '该进程正在启动或停止，或其依赖的服务器不可用',
    ],
    [
      'Try again soon; /health/ready says what the process is waiting for',
      '请稍后重试；/health/ready 会说明正在等待什么',
    ],
  ),
  STORAGE_FULL: entry(
    507,
    true,
    ['A disk or the blob store is full', '存储空间已满'],
    ['Free space on the disk or in the bucket that `detail` names', '请清理 detail 中所述的磁盘或存储桶'],
    { outage: true },
  ),
  INTERNAL: entry(
    500,
    true,
    ['Something failed inside the server', '服务器内部错误'],
    ['Try again; if the error persists, report the trace id', '请重试；若仍失败，请反馈 trace id'],
  ),
} as const satisfies Record<string, ErrorEntry>
