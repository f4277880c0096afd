import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { OperatorError } from '../operator-error.ts'
import { applicationName, holderOf, tryDatabaseLock } from './lock.ts'
import { isAlive, isPostmasterOf, stopPostmaster } from './process.ts'

/** Contents of `postmaster.pid`. */
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

/** How to connect to the database of the server that runs on `dataDir`; null if none runs. */
export async function connectionToRunning(dataDir: string): Promise<pg.ClientConfig | null> {
  const found = await readPostmaster(resolve(dataDir, 'postgres'))
  if (!found?.ready) return null
  const client = new pg.Client({ ...connectionTo(found), connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    // Without the lock of a server, the database is an orphan that the next start stops.
    return (await tryDatabaseLock(client)) ? null : connectionTo(found)
  } catch {
    return null
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * Stops the PostgreSQL that a killed server left running on `folder`. Throws if a running server uses it.
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
      announce(`Stopping the database of a killed server (process ${found.pid})`)
      await stopPostmaster(found.pid)
      return await removeSocketFolder(found.socketFolder)
    }
    if (isLate) throw new OperatorError(refusal(folder, found, state))
    if (!isWaiting) announce('Waiting for another server to release the data folder')
    isWaiting = true
    await pause(200)
  }
}

// Enough time for a server that is stopping.
const patience = 3_000

function refusal(folder: string, { pid }: Postmaster, state: State): string {
  if (typeof state === 'string')
    return `A PostgreSQL (process ${pid}) is running on ${folder} and does not answer. Try again later.`
  return `Another server (${state.holder}) is running on the data folder ${folder}. Stop it first, or set another DATA_DIR.`
}

/** Unclaimed: the server has not taken its lock yet, or it died and its pid was reused. */
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
    // On a shared volume the process may run in another container.
    if (!(await isPostmasterOf(folder, found.pid))) return { holder: 'in another container' }
    const { rows } = await client.query<{ cluster_name: string }>('show cluster_name')
    return isAlive(ownerOf(rows[0]?.cluster_name)) ? 'unclaimed' : 'orphan'
  } catch {
    return isAlive(found.pid) && (await isPostmasterOf(folder, found.pid)) ? 'busy' : 'gone'
  } finally {
    await client.end().catch(() => {})
  }
}

/** Contains the pid of the server that started the cluster. */
export const clusterName = `parlance-${process.pid}`

function ownerOf(name: string | undefined): number {
  return Number(name?.match(/^parlance-(\d+)$/)?.[1] ?? Number.NaN)
}

// PostgreSQL refuses to start while any process has the pid in postmaster.pid, even a zombie or an unrelated one. The
// file itself must stay: from it, PostgreSQL learns whether children of the dead one still write.
async function declareDead(folder: string, { port }: Postmaster): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid')
  await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(/^\d+/, String(unusedPid)))
  for (const name of [`.s.PGSQL.${port}`, `.s.PGSQL.${port}.lock`])
    await rm(join(folder, name), { force: true })
}

// Above the largest pid of any system.
const unusedPid = 2_000_000_000

export function connectionTo({ socketFolder, port }: Pick<Postmaster, 'socketFolder' | 'port'>) {
  return { host: socketFolder, port, user: 'postgres', database: 'postgres' }
}

/** Removes the folder of the socket if it was created for a data folder with a long path. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (basename(folder).startsWith(socketFolderPrefix)) await rm(folder, { recursive: true, force: true })
}

export const socketFolderPrefix = 'parlance-socket-'
