import pg from 'pg'
import { OperatorError } from '../operator-error.ts'
import { explainUnreachable } from './lock.ts'

const rounds = 5

/**
 * Throws if a pooler gives each transaction another connection of the database: locks and `LISTEN` belong to a session. Two open connections then share a process of PostgreSQL, or one changes it.
 */
export async function refuseTransactionPooler(
  connection: pg.ClientConfig,
  setting: 'DATABASE_URL' | 'DATABASE_DIRECT_URL',
): Promise<void> {
  const clients = [new pg.Client(connection), new pg.Client(connection)]
  for (const client of clients) client.on('error', () => {})
  try {
    for (const client of clients) await client.connect().catch(explainUnreachable)
    const processes: (number | undefined)[][] = [[], []]
    for (let round = 0; round < rounds; round += 1)
      for (const [index, client] of clients.entries()) {
        const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
        processes[index]?.push(rows[0]?.pid)
      }
    const areConstant = processes.every((pids) => new Set(pids).size === 1)
    if (areConstant && new Set(processes.flat()).size === 2) return
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})))
  }
  throw new OperatorError(
    `${setting} leads to a connection pooler in transaction mode: set DATABASE_DIRECT_URL to the address of PostgreSQL itself, or to a pool in session mode.`,
  )
}
