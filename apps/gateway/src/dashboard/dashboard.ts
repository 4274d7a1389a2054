import { Injectable, type OnModuleInit, type Provider, type Type } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import type { FastifyInstance } from 'fastify'
import { DashboardController } from './dashboard.controller.js'

/** Gives answers `sendFile`, which checks paths, knows types, ranges and ETags, and takes compressed files. */
@Injectable()
class DashboardFiles implements OnModuleInit {
  constructor(private readonly adapter: HttpAdapterHost) {}

  async onModuleInit(): Promise<void> {
    // Jest on Node 20 cannot load it, and specs load the modules of services without starting them.
    const { default: fastifyStatic } = await import('@fastify/static')
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>()
    void fastify.register(fastifyStatic, { serve: false, dotfiles: 'ignore', index: false, preCompressed: true })
  }
}

export const dashboardControllers: Type[] = [DashboardController]
export const dashboardProviders: Provider[] = [DashboardFiles]
