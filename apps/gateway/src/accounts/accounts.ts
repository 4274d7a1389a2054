import type { Provider, Type } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import {
  AccessGuard,
  AuditLog,
  KeysRepository,
  KeysService,
  SessionCookie,
  SessionsRepository,
  SessionsService,
  UsersRepository,
  UsersService,
} from '@reeltag/http'
import type { Config } from '@reeltag/platform'
import { AuditLogController } from './audit-log.controller.js'
import { OpenIdController } from './openid.controller.js'
import { OpenIdService } from './openid.service.js'
import { SessionController } from './session.controller.js'
import { SignInService } from './sign-in.service.js'
import { SignInThrottle } from './sign-in-throttle.js'
import { UsersController } from './users.controller.js'

export const accountControllers: Type[] = [AuditLogController, OpenIdController, SessionController, UsersController]

/** Keys, users and their sessions, and the guard of every route. */
export const accountProviders = ({ accounts }: Pick<Config, 'accounts'>): Provider[] => [
  AuditLog,
  KeysRepository,
  KeysService,
  SessionsRepository,
  SignInService,
  SignInThrottle,
  UsersRepository,
  UsersService,
  {
    provide: SessionsService,
    inject: [SessionsRepository],
    useFactory: (sessions: SessionsRepository) => new SessionsService(sessions, accounts.sessions),
  },
  { provide: SessionCookie, useValue: new SessionCookie(accounts.publicUrl) },
  { provide: OpenIdService, useValue: new OpenIdService(accounts.openId) },
  { provide: APP_GUARD, useClass: AccessGuard },
]
