import { Catch, type RpcExceptionFilter } from '@nestjs/common'
import { throwError, type Observable } from 'rxjs'

/** Nest replaces the error of a handler by "Internal server error", but a dead letter must give the real reason. */
@Catch()
export class KeepErrorFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error)
  }
}
