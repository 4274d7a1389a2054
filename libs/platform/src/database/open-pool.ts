import pg from 'pg'

const ignore = (): void => undefined

/**
 * A pool of connections to Postgres that may break at any moment. `pg` ends the process for a connection that breaks
 * while nobody listens to its errors, and libraries that borrow one do not listen. The statement on the broken
 * connection still fails, and its caller handles that.
 * @param onIdleLost called for a connection that breaks while nobody has borrowed it
 */
export const openPool = (config: pg.PoolConfig, onIdleLost: (error: Error) => void = ignore): pg.Pool => {
  const pool = new pg.Pool(config)
  pool.on('error', onIdleLost)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}
