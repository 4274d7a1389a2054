import { describe, expect, it } from '@jest/globals'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from './config.js'

const problemsOf = (environment: Record<string, string>): string => {
  try {
    loadConfig(environment)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('loadConfig', () => {
  it('needs nothing: everything has a default', () => {
    const config = loadConfig({})
    expect(config.http).toEqual({ host: '127.0.0.1', port: 3000, hostsAllowed: [] })
    expect(config.home).toBe(path.join(os.homedir(), '.reeltag'))
    expect(config.services).toHaveLength(6)
  })

  it('names every bad variable at once', () => {
    const problems = problemsOf({ PORT: 'abc', LOG_LEVEL: 'loud', REELTAG_SERVICES: 'gateway,kitchen', DECODERS: '0' })
    for (const name of ['PORT', 'LOG_LEVEL', 'REELTAG_SERVICES', 'DECODERS']) expect(problems).toContain(name)
  })

  it('refuses a combination that cannot work, and says what is missing, in both languages', () => {
    const problems = problemsOf({ REELTAG_SERVICES: 'gateway' })
    expect(problems).toMatch(/DATABASE_URL: needed.*ingest.*共用的 Postgres/)
    expect(problems).toMatch(/BLOB_URL: needed.*共用的存储/)
    expect(problemsOf({ REELTAG_SERVICES: 'gateway', DATABASE_URL: 'postgresql://u:p@h/d', BLOB_URL: 'file:/b' })).toBe(
      '',
    )
  })

  it('names wrong variables and refused combinations together', () => {
    const problems = problemsOf({ REELTAG_SERVICES: 'gateway', PORT: 'abc' })
    for (const name of ['PORT', 'DATABASE_URL', 'BLOB_URL']) expect(problems).toContain(name)
  })

  it('refuses addresses of servers that this version does not speak to, rather than ignoring them', () => {
    for (const name of ['REDIS_URL', 'KAFKA_BROKERS']) expect(problemsOf({ [name]: 'somewhere:1' })).toContain(name)
    expect(problemsOf({ BLOB_URL: 's3://bucket' })).toContain('BLOB_URL')
  })

  it('refuses a bootstrap key that no Authorization header could carry', () => {
    for (const key of ['short', 'with spaces in the middle', '密钥密钥密钥密钥密钥密钥密钥密钥', 'k'.repeat(513)])
      expect(problemsOf({ REELTAG_BOOTSTRAP_KEY: key })).toContain('REELTAG_BOOTSTRAP_KEY')
    expect(problemsOf({ REELTAG_BOOTSTRAP_KEY: 'rt_0123456789abcdef' })).toBe('')
  })

  it('treats an empty variable as unset', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', REDIS_URL: '' }).http.port).toBe(3000)
  })
})
