import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import { databaseUrl } from './database-url.ts'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** A new database, migrated and empty; workers may create theirs concurrently. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, template } = inject('databases')
  const name = `${template.replace(/template$/, '')}${randomBytes(6).toString('hex')}`
  await asAdmin(url, (admin) =>
    admin.query(`create database ${name} template ${template} strategy file_copy`),
  )
  const drop = () =>
    asAdmin(url, async (admin) => {
      await untilDeserted(admin, name)
      await admin.query(`drop database ${name} with (force)`)
    })
  return { url: databaseUrl(url, name), drop }
}

// A pool counts as ended while its connections still close; without a listener their errors would end the process.
async function untilDeserted(admin: pg.Client, name: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const { rowCount } = await admin.query('select from pg_stat_activity where datname = $1', [name])
    if (rowCount === 0) return
    await pause(20)
  }
}

async function asAdmin(url: string, act: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await act(client)
  } finally {
    await client.end()
  }
}
