import fs from 'node:fs'
import path from 'node:path'
import { PlatformClient } from './platform-client.js'
import { ServiceProcess } from './service-process.js'

export const root = path.resolve(import.meta.dirname, '../..')

/** A platform as a user starts it: one process on embedded servers, in a folder of its own. */
export class RunningPlatform extends PlatformClient {
  private constructor(private readonly process: ServiceProcess) {
    super(`http://127.0.0.1:${process.port}`)
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<RunningPlatform> {
    const { key } = new PlatformClient('')
    return new RunningPlatform(await ServiceProcess.start({ env: { REELTAG_BOOTSTRAP_KEY: key, ...env } }))
  }

  get home(): string {
    return this.process.home
  }

  /** Where its processes keep files. */
  get homes(): readonly string[] {
    return [this.home]
  }

  get port(): number {
    return this.process.port
  }

  get pid(): number | undefined {
    return this.process.pid
  }

  get log(): string {
    return this.process.log
  }

  boot(): Promise<void> {
    return this.process.boot()
  }

  /** As a power cut would: no handler runs. The embedded Postgres stays up, as it would. */
  kill(): Promise<void> {
    return this.process.kill()
  }

  /** Waits until it has ended by itself. @returns the exit code */
  ended(): Promise<number | null> {
    return this.process.ended()
  }

  /** @returns the exit code */
  stop(): Promise<number | null> {
    return this.process.stop()
  }

  close(): Promise<void> {
    return this.process.remove()
  }
}

/** The committed sample clips, with what they show. */
export const samples = (): { file: string; title: string; titleEn: string; path: string }[] => {
  const folder = path.join(root, 'samples')
  const list = JSON.parse(fs.readFileSync(path.join(folder, 'samples.json'), 'utf8')) as Record<string, string>[]
  return list.map((sample) => ({
    file: path.join(folder, sample['file'] ?? ''),
    title: sample['title'] ?? '',
    titleEn: sample['titleEn'] ?? '',
    path: sample['path'] ?? '',
  }))
}
