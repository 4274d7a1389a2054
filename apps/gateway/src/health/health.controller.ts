import { Controller, Get, Res } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { Health, Metrics } from '@reeltag/platform'
import type { FastifyReply } from 'fastify'
import { Needs, OPEN } from '@reeltag/http'

@ApiTags('operations')
@Controller()
@Needs(OPEN)
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  /** Answers as long as the event loop runs. A server that cannot reach Postgres is alive and must not be restarted. */
  @Get('health/live')
  @ApiOperation({ summary: 'The process is alive' })
  live(): { status: string } {
    return { status: 'ok' }
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'The process may be sent work (200), or not yet or no longer (503)' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const report = await this.health.report()
    await reply.status(report.ready ? 200 : 503).send(report)
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics' })
  async metricsText(@Res() reply: FastifyReply): Promise<void> {
    await reply.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics())
  }
}
