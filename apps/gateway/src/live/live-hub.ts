import { LiveChange, ReeltagError } from '@reeltag/contracts'
import { Database, Listener, type Logger } from '@reeltag/platform'
import { LiveRoom, type LiveReader } from './live-room.js'

const heartbeatMs = 15_000
const renewMs = 20_000
/** Longer than two renewals, so that one may fail. */
const watchSeconds = 60
const readersAWorkspaceMax = 500
const readersMax = 2_000

/**
 * Who watches which workspace in this process. Hears Postgres through one connection, while anybody watches, and says
 * there which workspaces are watched, so that nothing is told of others.
 */
export class LiveHub {
  private readonly rooms = new Map<string, LiveRoom>()
  private readonly listener: Listener
  private timers: NodeJS.Timeout[] = []
  private closed = false

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
  ) {
    this.listener = new Listener({
      connectionString: db.url,
      channel: 'live',
      logger,
      onPayload: (payload) => this.take(payload),
      onListening: () => this.resume(),
    })
  }

  /** Sees to it that changes of a workspace are told from here on. */
  async prepare(workspaceId: string): Promise<void> {
    this.assertPlace(workspaceId)
    this.start()
    await this.watch([workspaceId])
  }

  /** @throws OVERLOADED where too many watch */
  enter(workspaceId: string, reader: LiveReader): void {
    const room = this.assertPlace(workspaceId)
    room.enter(reader)
    this.rooms.set(workspaceId, room)
  }

  private assertPlace(workspaceId: string): LiveRoom {
    const room = this.rooms.get(workspaceId) ?? new LiveRoom()
    const all = [...this.rooms.values()].reduce((sum, { size }) => sum + size, 0)
    if (this.closed) throw new ReeltagError('OVERLOADED', 'this process stops')
    if (room.size >= readersAWorkspaceMax || all >= readersMax)
      throw new ReeltagError('OVERLOADED', `${room.size} pages of this workspace and ${all} in all watch already`)
    return room
  }

  leave(workspaceId: string, reader: LiveReader): void {
    const room = this.rooms.get(workspaceId)
    room?.leave(reader)
    if (room?.size !== 0) return
    room.close()
    this.rooms.delete(workspaceId)
  }

  /** Ends what every reader gets; their pages connect to another process. */
  async close(): Promise<void> {
    this.closed = true
    for (const timer of this.timers) clearInterval(timer)
    for (const room of this.rooms.values()) room.close()
    this.rooms.clear()
    await this.listener.stop()
  }

  private start(): void {
    if (this.timers.length > 0) return
    this.listener.start()
    this.timers = [
      setInterval(() => this.eachRoom((room) => room.say(': still here\n\n')), heartbeatMs),
      setInterval(() => void this.renew(), renewMs),
    ]
  }

  private async renew(): Promise<void> {
    await this.watch([...this.rooms.keys()]).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'Postgres could not be told which workspaces are watched; it tries again')
    })
  }

  private async watch(workspaceIds: readonly string[]): Promise<void> {
    await this.db.query(
      `WITH gone AS (DELETE FROM live_watchers WHERE until < now() AND workspace_id <> ALL ($1::uuid[]))
       INSERT INTO live_watchers (workspace_id, until)
       SELECT w, now() + $2 * interval '1 second' FROM unnest($1::uuid[]) AS w ORDER BY w
       ON CONFLICT (workspace_id) DO UPDATE SET until = EXCLUDED.until`,
      [workspaceIds, watchSeconds],
    )
  }

  /** What was told while nobody heard is lost: every page reads again. A restarted Postgres forgot who watches. */
  private resume(): void {
    void this.renew()
    this.eachRoom((room) => room.tell({ queues: true, many: true }))
  }

  private take(payload: string): void {
    const change = parse(payload)
    if (change !== undefined) this.rooms.get(change.workspace)?.tell(change)
  }

  private eachRoom(visit: (room: LiveRoom) => void): void {
    for (const room of this.rooms.values()) visit(room)
  }
}

/** Anybody who may write to the database may write to the channel. */
const parse = (payload: string): LiveChange | undefined => {
  try {
    return LiveChange.parse(JSON.parse(payload))
  } catch {
    return undefined
  }
}
