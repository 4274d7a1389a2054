import { Database, type Transaction, type TransactionOptions } from '@reeltag/platform'

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly PlanNode[]
}

/** Reads a table from its first row to its last. */
export interface TableScan {
  readonly table: string
  readonly sql: string
}

const explainable = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i

/** A database that asks for the plan of each statement before it runs it. */
export class ExplainingDatabase extends Database {
  readonly scans: TableScan[] = []
  /** Statements that were explained. */
  explained = 0

  override async query<T extends object>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    await this.explain((text, values) => super.query(text, values), sql, params)
    return super.query<T>(sql, params)
  }

  override transaction<T>(run: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<T> {
    return super.transaction((tx) => {
      const query: Transaction['query'] = async (sql, params) => {
        await this.explain((text, values) => tx.query(text, values), sql, params)
        return tx.query(sql, params)
      }
      return run({ query })
    }, options)
  }

  private async explain(query: Transaction['query'], sql: string, params?: readonly unknown[]): Promise<void> {
    if (!explainable.test(sql)) return
    const [row] = await query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(`EXPLAIN (FORMAT JSON) ${sql}`, params)
    this.explained++
    for (const { Plan } of row?.['QUERY PLAN'] ?? []) {
      this.scans.push(...scannedTables(Plan).map((table) => ({ table, sql: sql.replaceAll(/\s+/g, ' ').trim() })))
    }
  }
}

const scannedTables = (node: PlanNode): string[] => [
  ...(node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined ? [node['Relation Name']] : []),
  ...(node.Plans ?? []).flatMap(scannedTables),
]
