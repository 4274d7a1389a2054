export const healthUsage = `  health [ready|live]                for containers: exits with 0 if the process on PORT answers with 200`

/** Runs every few seconds in every container, so it loads only what it needs and reads only two variables. */
export const askHealth = async (probe = 'ready', env: Record<string, string | undefined>): Promise<number> => {
  const host = env['HOST'] ?? ''
  const reached = ['', '0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  const url = `http://${reached}:${env['PORT'] || 3000}/health/${probe}`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(4_000) })
    if (!response.ok) console.error(await response.text())
    return response.ok ? 0 : 1
  } catch (error) {
    const { message, cause } = error as Error
    console.error(`${url}: ${cause instanceof Error ? cause.message : message}`)
    return 1
  }
}
