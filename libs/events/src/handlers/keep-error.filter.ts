import { Catch, type RpcExceptionFilter } from '@nestjs/common'
import { throwError, type Observable } from 'rxjs'

/** Nest turns what a handler throws into "Internal server error"; a dead letter must say what really happened. */
@Catch()
export class KeepErrorFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error)
  }
}
