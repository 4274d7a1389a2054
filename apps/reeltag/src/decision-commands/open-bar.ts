import { Presets, SingleBar } from 'cli-progress'

/** A bar on a terminal, nothing in a log. */
export const openBar = (unit: string): SingleBar =>
  new SingleBar(
    {
      stream: process.stderr,
      // Whoever interrupts the command wants it to end.
      gracefulExit: false,
      format: `{bar} {percentage} % of {total} ${unit}, {eta_formatted} left`,
    },
    Presets.rect,
  )
