import { Controller, Get, Header } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { errorCodes, type ErrorCode } from '@reeltag/contracts'
import { Needs, OPEN } from '@reeltag/http'

/** The table as clients know it. Whether a code tells of an outage matters only inside the platform. */
const released = Object.fromEntries(
  Object.entries(errorCodes).map(([code, { status, retryable, title, remedy }]) => [
    code,
    { status, retryable, title, remedy },
  ]),
) as Record<ErrorCode, Omit<(typeof errorCodes)[ErrorCode], 'outage'>>

/** Where the `type` of a problem document leads. */
@ApiTags('errors')
@Controller('v1/errors')
@Needs(OPEN)
export class ErrorsController {
  @Get()
  @Header('cache-control', 'public, max-age=3600')
  @ApiOperation({ summary: 'Every error code: status, whether trying again can help, title and remedy' })
  list(): typeof released {
    return released
  }
}
