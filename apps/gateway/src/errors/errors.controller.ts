import { Controller, Get, Header } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { errorCodes } from '@reeltag/contracts'
import { Needs, OPEN } from '@reeltag/http'

/** Where the `type` of a problem document leads. */
@ApiTags('errors')
@Controller('v1/errors')
@Needs(OPEN)
export class ErrorsController {
  @Get()
  @Header('cache-control', 'public, max-age=3600')
  @ApiOperation({ summary: 'Every error code: status, whether trying again can help, title and remedy' })
  list(): typeof errorCodes {
    return errorCodes
  }
}
