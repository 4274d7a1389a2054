import { z } from 'zod'
import { pipeline } from './stages.js'

/** Every service: those of the table of stages, and those without stages. */
export const serviceNames: readonly string[] = [
  ...new Set(['gateway', ...pipeline.map(({ job }) => job.service), 'review', 'policies']),
]

/** Not a closed union: a service is new by its line in the table. */
export const ServiceName = z.enum(serviceNames)
export type ServiceName = z.infer<typeof ServiceName>
