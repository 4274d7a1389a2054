import { describe, expect, it } from '@jest/globals'
import { readMigrations } from './migrations.js'

const takesAway =
  /\bDROP\s+(TABLE|COLUMN|TYPE|SEQUENCE|SCHEMA)\b|\bRENAME\s+(TO|COLUMN)\b|\bSET\s+NOT\s+NULL\b|\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b/i
const withoutComments = (sql: string): string => sql.replaceAll(/--.*$/gm, '')

describe('migrations', () => {
  it('that take something away say which services can no longer run', () => {
    const silent = readMigrations()
      .filter(({ sql }) => takesAway.test(withoutComments(sql)) && !/UPDATE\s+"?schema_floor"?/i.test(sql))
      .map(({ name }) => name)
    expect(silent).toEqual([])
  })

  it.each([
    'ALTER TABLE a DROP COLUMN b',
    'DROP TABLE a',
    'ALTER TABLE a RENAME TO b',
    'ALTER TABLE a ALTER COLUMN b SET NOT NULL',
  ])('would be caught: %s', (sql) => expect(takesAway.test(sql)).toBe(true))
})
