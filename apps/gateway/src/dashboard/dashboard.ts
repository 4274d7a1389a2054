import fastifyStatic from '@fastify/static'
import { Injectable, type OnModuleInit, type Provider, type Type } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import type { FastifyInstance } from 'fastify'
import { DashboardController } from './dashboard.controller.js'

/** Gives answers `sendFile`, which checks paths, knows types, ranges and ETags, and takes compressed files. */
@Injectable()
class DashboardFiles implements OnModuleInit {
  constructor(private readonly adapter: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>()
    void fastify.register(fastifyStatic, { serve: false, dotfiles: 'ignore', index: false, preCompressed: true })
  }
}

export const dashboardControllers: Type[] = [DashboardController]
export const dashboardProviders: Provider[] = [DashboardFiles]
