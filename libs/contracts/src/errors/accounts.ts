import { entry, type ErrorEntry } from './error-entry.js'

/** Errors of people who sign in, and of what their role lets them do. */
export const accountErrors = {
  SESSION_MISSING: entry(
    401,
    false,
    ['You are not signed in, or no longer', '尚未登录，或登录已失效'],
    ['Sign in again', '请重新登录'],
  ),
  SIGN_IN_REFUSED: entry(
    401,
    false,
    ['This sign-in was refused', '登录被拒绝'],
    [
      'Ask an administrator for a new link, or for an account; a link works once and expires',
      '请向管理员索取新的登录链接或账号；链接只能使用一次，且会过期',
    ],
  ),
  SIGN_IN_THROTTLED: entry(
    429,
    true,
    ['Too many attempts to sign in', '登录尝试过于频繁'],
    ['Try again after the time in Retry-After', '请在 Retry-After 之后重试'],
  ),
  OPENID_UNAVAILABLE: entry(
    503,
    true,
    ['The OpenID provider is not set up, or cannot be reached', 'OpenID 服务未配置或无法访问'],
    [
      'Check OPENID_ISSUER, OPENID_CLIENT_ID and OPENID_CLIENT_SECRET; a link of an administrator still works',
      '请检查 OPENID_ISSUER、OPENID_CLIENT_ID 与 OPENID_CLIENT_SECRET；管理员的登录链接仍可使用',
    ],
  ),
  CSRF_TOKEN_WRONG: entry(
    403,
    false,
    ['The request does not carry the token of its session', '请求缺少与会话匹配的令牌'],
    [
      'Send the `csrfToken` of GET /v1/session in the header x-reeltag-csrf',
      '请在 x-reeltag-csrf 请求头中携带 GET /v1/session 返回的 csrfToken',
    ],
  ),
  ROLE_INSUFFICIENT: entry(
    403,
    false,
    ['Your role does not allow this', '您的角色无权执行此操作'],
    ['Ask an administrator of the workspace', '请联系工作区管理员'],
  ),
  USER_EXISTS: entry(
    409,
    false,
    ['The workspace has a user of this name or e-mail address', '工作区中已有同名或同邮箱的用户'],
    ['Choose another name, or change that user', '请更换名称，或修改已有用户'],
  ),
  DASHBOARD_MISSING: entry(
    503,
    false,
    ['The dashboard is not built', '仪表盘尚未构建'],
    [
      'Run `npm run build`, or set DASHBOARD_DIR to a built one',
      '请运行 npm run build，或将 DASHBOARD_DIR 设为已构建的目录',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>
