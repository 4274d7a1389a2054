import { ReeltagError } from '@reeltag/contracts'

const local = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses requests with an unknown Host. A page of another site can make a browser call this address under a name of
 * its own (DNS rebinding), and would then count as same-origin.
 */
export const hostCheck = ({
  host,
  hostsAllowed,
}: {
  readonly host: string
  readonly hostsAllowed: readonly string[]
}) => {
  const allowed = new Set([...local, host, ...hostsAllowed].map((name) => name.toLowerCase()))
  return (header: string | undefined): void => {
    const name = (header ?? '').toLowerCase().replace(/:\d+$/, '')
    if (!allowed.has(name)) throw new ReeltagError('HOST_REFUSED', `this server is not ${name || 'nameless'}`)
  }
}
