// What the platform costs when its stages answer at once: contents a second, and where the time goes.
import { printTable } from './clips.mjs'
import { CountingPostgres, InstantPlatform } from './instant.mjs'
import { processorMs } from './processor-time.mjs'

/** @returns contents a second, and milliseconds of processor time and statements a content, for one way in */
export const measure = async (platform, way, contents) => {
  const { postgres, pids } = platform
  const nodeMs = () => pids.reduce((sum, pid) => sum + processorMs(pid), 0)
  await postgres.forgetStatements()
  const before = { started: performance.now(), node: nodeMs(), postgres: processorMs(postgres.pid) }
  await platform[way](contents)
  const acceptedSeconds = (performance.now() - before.started) / 1_000
  await platform.settled()
  const seconds = (performance.now() - before.started) / 1_000
  return {
    ...{ contents, perSecond: contents / seconds, acceptedPerSecond: contents / acceptedSeconds },
    nodeMs: (nodeMs() - before.node) / contents,
    postgresMs: (processorMs(postgres.pid) - before.postgres) / contents,
    statements: (await postgres.statements()).map(({ query, calls, ms, walBytes }) => ({
      ...{ query, calls: calls / contents, ms: ms / contents, walBytes: walBytes / contents },
    })),
  }
}

export const benchBookkeeping = async () => {
  const contents = Number(process.env.BENCH_CONTENTS ?? 2_000)
  const postgres = await CountingPostgres.start()
  const platform = await InstantPlatform.start(postgres)
  try {
    for (const way of (process.env.BENCH_WAYS ?? 'accept,submit').split(',')) {
      await measure(platform, way, 200)
      const figures = await measure(platform, way, contents)
      printTable(
        way,
        ['contents/s', 'accepted/s', 'node ms', 'postgres ms'],
        [
          [figures.perSecond, figures.acceptedPerSecond, figures.nodeMs, figures.postgresMs].map((value) =>
            value.toFixed(2),
          ),
        ],
      )
      printTable(
        'statements',
        ['', 'calls', 'ms', 'wal'],
        figures.statements
          .slice(0, 22)
          .map(({ query, calls, ms, walBytes }) => [query, calls.toFixed(3), ms.toFixed(3), walBytes.toFixed(0)]),
      )
    }
  } finally {
    await platform.close()
    await postgres.close()
  }
}
