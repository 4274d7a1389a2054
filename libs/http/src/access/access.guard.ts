import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { ReeltagError, type KeyScope } from '@reeltag/contracts'
import { OPEN, REQUIRED_SCOPE, type RequestWithAccess } from './access.js'
import { KeysService } from './keys.service.js'

const bearer = /^Bearer ([\x21-\x7e]+)$/i

@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly keys: KeysService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()]
    const needed = this.reflector.getAllAndOverride<KeyScope | typeof OPEN | undefined>(REQUIRED_SCOPE, targets)
    if (needed === OPEN) return true
    if (needed === undefined) throw new ReeltagError('NOT_FOUND', 'this route names no scope')
    const request = context.switchToHttp().getRequest<RequestWithAccess>()
    const [, key] = bearer.exec(request.headers.authorization ?? '') ?? []
    if (key === undefined) throw new ReeltagError('KEY_MISSING', 'the Authorization header holds no bearer key')
    const access = await this.keys.authenticate(key)
    if (!access.scopes.has(needed)) throw new ReeltagError('SCOPE_MISSING', `this call needs the scope ${needed}`)
    request.access = access
    return true
  }
}
