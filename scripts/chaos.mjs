// npm run chaos [-- --minutes 10 --contents 500 --seed 1]
// The platform on real servers, every service a process of its own, while one random fault follows the other.
import { parseArgs } from 'node:util'
import { bootstrap, Failure, main } from './bootstrap.mjs'

const number = (name, value, min) => {
  const parsed = Number(value)
  if (Number.isFinite(parsed) && parsed >= min) return parsed
  throw new Failure(`--${name} ${value} is not a number of at least ${min}`, 'npm run chaos -- --minutes 10')
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      contents: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    },
  })
  const options = {
    minutes: number('minutes', values.minutes, 0.1),
    contents: number('contents', values.contents, 1),
    seed: number('seed', values.seed, 0),
  }
  await bootstrap()
  const { installKafka, installS3, whyNot } = await import('@reeltag/testing')
  const missing = [whyNot('redis'), whyNot('kafka'), whyNot('s3')].filter((reason) => reason !== undefined)
  if (missing.length > 0) throw new Failure(missing.join('\n'), 'install what is named, and run it again')
  await Promise.all([installKafka(), installS3()])
  const { chaos } = await import('../e2e/dist/faults/chaos.js')
  console.log(`${options.contents} contents over ${options.minutes} minutes, seed ${options.seed}`)
  const outcome = await chaos({ ...options, say: (line) => console.log(line) })
  console.table([outcome])
  const { accepted, terminal, failed, lost, doubled } = outcome
  if (accepted !== options.contents || terminal !== accepted || failed + lost + doubled > 0)
    throw new Failure('something was lost, doubled or failed', `repeat it with --seed ${options.seed}`)
})
process.exit()
