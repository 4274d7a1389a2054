import { askHealth } from './commands/health-command.js'

const [noun, ...rest] = process.argv.slice(2)
const ended =
  noun === 'health' && !rest.some((word) => word.startsWith('-'))
    ? await askHealth(rest[0], process.env)
    : // Whatever else there is loads models' and servers' libraries first.
      await import('./commands/commands.js').then(({ runCommand }) => runCommand(process.argv.slice(2), process.env))
process.exitCode = ended
