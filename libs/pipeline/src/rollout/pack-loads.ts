import type { Database } from '@reeltag/platform'
import { newId } from '@reeltag/platform'

/** How long a request keeps a pack loaded that is not in force. */
const requestSeconds = 900
/** A process that has been silent for so long is gone. */
const silentSeconds = 10

export interface WantedPack {
  readonly pack: string
  /** The newest request for it; null where it is wanted because it is in force. */
  readonly requestId: string | null
}

export interface PackLoad {
  readonly pack: string
  readonly state: 'loading' | 'ready' | 'refused'
  readonly requestId: string | null
  readonly errorCode?: string | undefined
  readonly errorDetail?: string | undefined
}

export interface ServicePackLoad extends PackLoad {
  readonly instance: string
  readonly service: string
}

/** Says to the processes that serve models which packs to hold, and to everybody which of them do. */
export class PackLoads {
  private readonly instance = newId()

  constructor(
    private readonly db: Database,
    private readonly service = '',
  ) {}

  /** Packs in force, those shadowed beside them, and what was asked for lately. */
  async wanted(): Promise<WantedPack[]> {
    return this.db.query<WantedPack>(
      `SELECT p.pack, r.id AS "requestId"
       FROM (SELECT pack FROM workspaces
             UNION SELECT pack FROM pack_shadows WHERE state = 'running'
             UNION SELECT pack FROM pack_requests WHERE until > now()) p
       LEFT JOIN LATERAL (SELECT id FROM pack_requests q WHERE q.pack = p.pack AND q.until > now()
                          ORDER BY q.created_at DESC, q.id DESC LIMIT 1) r ON true
       ORDER BY p.pack`,
    )
  }

  /** Of these packs, those that a content under way still needs. */
  async needed(packs: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ pack: string }>(
      `SELECT p.pack FROM unnest($1::text[]) AS p(pack)
       WHERE EXISTS (SELECT 1 FROM contents c WHERE c.state = 'processing' AND c.pack = p.pack)`,
      [packs],
    )
    return rows.map(({ pack }) => pack)
  }

  /** Tells what this process holds; said again every few seconds, or it counts as gone. */
  async report(loads: readonly PackLoad[]): Promise<void> {
    await this.db.query(
      `WITH gone AS (DELETE FROM pack_loads
         WHERE (instance = $1 AND service = $2 AND pack <> ALL($3::text[])) OR seen_at < now() - interval '1 minute')
       INSERT INTO pack_loads (instance, service, pack, state, request_id, error_code, error_detail, seen_at)
       SELECT $1, $2, pack, state, request_id, error_code, error_detail, now()
       FROM unnest($3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[])
         AS d(pack, state, request_id, error_code, error_detail)
       ON CONFLICT (instance, service, pack) DO UPDATE SET state = EXCLUDED.state, request_id = EXCLUDED.request_id,
         error_code = EXCLUDED.error_code, error_detail = EXCLUDED.error_detail, seen_at = EXCLUDED.seen_at`,
      [
        this.instance,
        this.service,
        loads.map(({ pack }) => pack),
        loads.map(({ state }) => state),
        loads.map(({ requestId }) => requestId),
        loads.map(({ errorCode }) => errorCode ?? null),
        loads.map(({ errorDetail }) => errorDetail ?? null),
      ],
    )
  }

  /** What the living processes say. */
  async all(): Promise<ServicePackLoad[]> {
    return this.db.query<ServicePackLoad>(
      `SELECT instance, service, pack, state, request_id AS "requestId", error_code AS "errorCode",
         error_detail AS "errorDetail"
       FROM pack_loads WHERE seen_at > now() - ${silentSeconds} * interval '1 second' ORDER BY pack, service, instance`,
    )
  }

  /** Asks every process that serves models to load a pack beside what it holds. @returns the request's id */
  async request(pack: string, actor: string): Promise<string> {
    const id = newId()
    await this.db.query(
      `WITH old AS (DELETE FROM pack_requests WHERE until < now())
       INSERT INTO pack_requests (id, pack, actor, until) VALUES ($1, $2, $3, now() + ${requestSeconds} * interval '1 second')`,
      [id, pack, actor],
    )
    return id
  }

  /** The request is settled: what is not in force meanwhile need not be held. */
  async settle(requestId: string): Promise<void> {
    await this.db.query(`DELETE FROM pack_requests WHERE id = $1`, [requestId])
  }
}
