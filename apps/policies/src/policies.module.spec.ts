import { describe, expect, it } from '@jest/globals'
import type { Runtime } from '@reeltag/pipeline'
import { createLogger, loadConfig } from '@reeltag/platform'
import { policies } from './policies.module.js'

const elsewhere = { DATABASE_URL: 'postgresql://localhost/x', BLOB_URL: 'file:/tmp/x' }

const consumes = async (environment: Record<string, string>): Promise<boolean> => {
  const parts = { config: loadConfig({ ...elsewhere, ...environment }), logger: createLogger({ level: 'silent' }) }
  const module = await policies.handlers?.(parts as unknown as Runtime)
  return (module?.controllers ?? []).length > 0
}

describe('policies', () => {
  it('take no events where that would keep them from review', async () => {
    expect(await consumes({ REELTAG_SERVICES: 'policies' })).toBe(false)
    expect(await consumes({ REELTAG_SERVICES: 'policies,review' })).toBe(true)
    expect(await consumes({})).toBe(true)
    expect(await consumes({ REELTAG_SERVICES: 'policies', KAFKA_BROKERS: '127.0.0.1:1' })).toBe(true)
  })
})
