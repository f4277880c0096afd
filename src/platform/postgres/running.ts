import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { OperatorError } from '../operator-error.ts'
import { applicationName, holderOf, tryDatabaseLock } from './lock.ts'
import { isAlive, isPostmasterOf, stopPostmaster } from './process.ts'

/** What a running PostgreSQL writes about itself into its data folder. */
export interface Postmaster {
  pid: number
  port: number
  socketFolder: string
  ready: boolean
}

export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port, socketFolder, , , status] = text.split('\n').map((line) => line.trim())
  if (!pid) return undefined
  const isInside = existsSync(join(folder, `.s.PGSQL.${port}`))
  return {
    pid: Number(pid),
    port: Number(port),
    socketFolder: isInside || !socketFolder ? folder : socketFolder,
    ready: status === 'ready',
  }
}

/**
 * Clears the way for a new PostgreSQL on `folder`. One that a killed server left behind is ended; one that a living
 * server works with is a reason to refuse.
 */
export async function endOrphan(folder: string, announce: (text: string) => void): Promise<void> {
  const deadline = Date.now() + patience
  let isWaiting = false
  for (;;) {
    const found = await readPostmaster(folder)
    if (!found) return
    const state = await inspect(folder, found)
    const isLate = Date.now() > deadline
    if (state === 'gone') return await declareDead(folder, found)
    if (state === 'orphan' || (state === 'unclaimed' && isLate)) {
      announce(`Ending the database that a killed server left behind (process ${found.pid})`)
      await stopPostmaster(found.pid)
      return await removeSocketFolder(found.socketFolder)
    }
    if (isLate) throw new OperatorError(refusal(folder, found, state))
    if (!isWaiting) announce('Waiting for the server that has the data folder now')
    isWaiting = true
    await pause(200)
  }
}

// Long enough for a server that is just stopping.
const patience = 3_000

function refusal(folder: string, { pid }: Postmaster, state: State): string {
  if (typeof state === 'string')
    return `A PostgreSQL (process ${pid}) is busy on ${folder} and does not answer. Try again later.`
  return `Another server (${state.holder}) is running on the data folder ${folder}. Stop it first, or give this one a DATA_DIR of its own.`
}

/** Unclaimed: its server lives and has not taken its lock yet, or has died and its number was given away again. */
type State = 'orphan' | 'unclaimed' | 'busy' | 'gone' | { holder: string }

async function inspect(folder: string, found: Postmaster): Promise<State> {
  const client = new pg.Client({
    ...connectionTo(found),
    application_name: applicationName,
    connectionTimeoutMillis: 2_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    if (!(await tryDatabaseLock(client))) return { holder: await holderOf(client) }
    // In a shared volume its process may be another container's, which is not ours to end.
    if (!(await isPostmasterOf(folder, found.pid))) return { holder: 'in another container' }
    const { rows } = await client.query<{ cluster_name: string }>('show cluster_name')
    return isAlive(ownerOf(rows[0]?.cluster_name)) ? 'unclaimed' : 'orphan'
  } catch {
    return isAlive(found.pid) && (await isPostmasterOf(folder, found.pid)) ? 'busy' : 'gone'
  } finally {
    await client.end().catch(() => {})
  }
}

/** The name that a cluster runs under says which server started it. */
export const clusterName = `parlance-${process.pid}`

function ownerOf(name: string | undefined): number {
  return Number(name?.match(/^parlance-(\d+)$/)?.[1] ?? Number.NaN)
}

// PostgreSQL trusts a number in its marks as long as any process has it, an unburied or an unrelated one. The mark
// itself must stay: by it, PostgreSQL sees whether children of the dead one still write.
async function declareDead(folder: string, { port }: Postmaster): Promise<void> {
  const mark = join(folder, 'postmaster.pid')
  await writeFile(mark, (await readFile(mark, 'utf8')).replace(/^\d+/, String(numberOfNobody)))
  for (const name of [`.s.PGSQL.${port}`, `.s.PGSQL.${port}.lock`])
    await rm(join(folder, name), { force: true })
}

// Above the largest that any system gives.
const numberOfNobody = 2_000_000_000

export function connectionTo({ socketFolder, port }: Pick<Postmaster, 'socketFolder' | 'port'>) {
  return { host: socketFolder, port, user: 'postgres', database: 'postgres' }
}

/** A socket stands in the data folder or, where that path is too long, in a folder made for it. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (basename(folder).startsWith(socketFolderPrefix)) await rm(folder, { recursive: true, force: true })
}

export const socketFolderPrefix = 'parlance-socket-'
