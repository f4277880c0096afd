import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { databaseUrl } from './database-url.ts'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** A database of the caller's own, migrated and empty; tests of every worker may make theirs at once. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, template } = inject('databases')
  const name = `${template.replace(/template$/, '')}${randomBytes(6).toString('hex')}`
  await asAdmin(url, `create database ${name} template ${template}`)
  return { url: databaseUrl(url, name), drop: () => asAdmin(url, `drop database ${name} with (force)`) }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
