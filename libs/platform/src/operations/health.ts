export interface HealthReport {
  readonly ready: boolean
  /** By check: `ok`, or the reason why not. */
  readonly checks: Readonly<Record<string, string>>
}

type Check = () => Promise<void>

const checkTimeoutMs = 2_000

/** Whether this process may be sent work: started, not stopping, and every registered check passes. */
export class Health {
  private readonly checks = new Map<string, Check>()
  private phase = 'starting'

  /** @param check rejects with the reason while its part cannot work */
  register(name: string, check: Check): void {
    this.checks.set(name, check)
  }

  /** Reports what the start is doing, in case it takes long. */
  starting(step: string): void {
    this.phase = `starting: ${step}`
  }

  get started(): boolean {
    return !this.phase.startsWith('starting')
  }

  ready(): void {
    this.phase = 'ready'
  }

  drain(): void {
    this.phase = 'draining'
  }

  async report(): Promise<HealthReport> {
    const outcomes = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const),
    )
    const checks = { process: this.phase === 'ready' ? 'ok' : this.phase, ...Object.fromEntries(outcomes) }
    return { ready: Object.values(checks).every((outcome) => outcome === 'ok'), checks }
  }
}

const outcomeOf = async (check: Check): Promise<string> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${checkTimeoutMs} ms`), checkTimeoutMs)
  })
  const outcome = check().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer))
}
