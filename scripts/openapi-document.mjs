// The OpenAPI document of the platform, without a server, a database or a model.
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import { loadConfig } from '@reeltag/platform'
import path from 'node:path'
import { root } from './bootstrap.mjs'

class Routes {}

/** Answers everything with itself. @type {any} */
const nothing = new Proxy(() => nothing, {
  get: (_, name) => (name === 'then' ? undefined : nothing),
  apply: () => nothing,
})

/** Controllers of a module, whether it was written with a decorator or made by a function. @returns {any[]} */
const controllersOf = ({ module, controllers = [] }) => [
  ...controllers,
  ...(module === undefined ? [] : (Reflect.getMetadata('controllers', module) ?? [])),
]

/** What a controller is made with. No route is called, so that none of it has to be there. */
const neededBy = (controller) => {
  const types = Reflect.getMetadata('design:paramtypes', controller) ?? []
  const named = Reflect.getMetadata('self:paramtypes', controller) ?? []
  return types.map((type, index) => named.find((each) => each.index === index)?.param ?? type)
}

/** @returns {Promise<import('@nestjs/swagger').OpenAPIObject>} the paths that `/docs-json` gives */
export const openApiDocument = async () => {
  const { services } = await import(path.join(root, 'apps/reeltag/dist/process/services.js'))
  const { describeSubmission } = await import(path.join(root, 'apps/gateway/dist/gateway.module.js'))
  const runtime = new Proxy({ config: loadConfig({}) }, { get: (known, name) => known[name] ?? nothing })
  const controllers = services.flatMap((service) => {
    const routes = service.routes?.(runtime)
    return routes === undefined ? [] : controllersOf(routes.module === undefined ? { module: routes } : routes)
  })
  const providers = [...new Set(controllers.flatMap(neededBy))].map((provide) => ({ provide, useValue: {} }))
  const module = { module: Routes, controllers, providers }
  const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false, abortOnError: false })
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Reeltag').setVersion('1').build())
  describeSubmission(document)
  return document
}
