// node scripts/healthcheck.mjs [ready|live]: for containers. Ends with 0 where this process answers 200.
const host = ['', '0.0.0.0', '::'].includes(process.env.HOST ?? '') ? '127.0.0.1' : process.env.HOST
const url = `http://${host}:${process.env.PORT || 3000}/health/${process.argv[2] ?? 'ready'}`
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) })
  if (!response.ok) console.error(await response.text())
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  console.error(`${url}: ${error.cause?.message ?? error.message}`)
  process.exitCode = 1
}
