import { ReeltagError } from '@reeltag/contracts'
import { deployMigrations, type Config } from '@reeltag/platform'

export const migrateUsage = `  migrate deploy                     migrates the database of DATABASE_URL to this version`

export const deploy = async ({ database }: Config, _args: string[], print: (line: string) => void): Promise<void> => {
  if (database.url === undefined)
    throw new ReeltagError('CONFIG_INVALID', 'DATABASE_URL is not set; embedded servers are migrated at startup')
  const applied = await deployMigrations(database.url)
  print(applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`)
}
