import { type ChildProcess, spawn } from 'node:child_process'
import { chown, mkdtemp, open, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { OperatorError } from '../operator-error.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { prepareDataFolder } from './data-folder.ts'
import { type Identity, ownFolder, serverEnv, serverIdentity } from './identity.ts'
import { memorySettings, usableMemory } from './memory.ts'
import { refuseMoved } from './moved.ts'
import { isAlive, stopPostmaster } from './process.ts'
import {
  clusterName,
  connectionTo,
  endOrphan,
  readPostmaster,
  removeSocketFolder,
  socketFolderPrefix,
} from './running.ts'

export interface EmbeddedOptions {
  dataDir: string
  maxConnections: number
  /** Whether data survives a crash. Default: true; false is for tests. */
  durable?: boolean
  /** Bytes of memory that the database shares with the server. Default: what this process may use. */
  memory?: number
  progress: (text: string) => void
}

export interface EmbeddedServer {
  connection: ReturnType<typeof connectionTo>
  stop(): Promise<void>
}

/** Runs a PostgreSQL on `dataDir` that is reachable through a Unix socket only. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  await refuseMoved(options.dataDir)
  const folder = resolve(options.dataDir, 'postgres')
  const identity = await serverIdentity(folder)
  const binaries = await findBinaries(identity)
  options.progress('Preparing the database')
  await prepareDataFolder(folder, binaries, identity)
  await endOrphan(folder, options.progress)

  options.progress('Starting the database')
  const socketFolder = await chooseSocketFolder(folder, identity)
  try {
    const stop = await launch({ folder, binaries, identity, socketFolder, options })
    return {
      connection: connectionTo({ socketFolder, port }),
      stop: async () => {
        await stop()
        await removeSocketFolder(socketFolder)
      },
    }
  } catch (error) {
    await removeSocketFolder(socketFolder)
    // Of two servers that start at once, one fails here; the lock of the other gives the error message.
    await endOrphan(folder, options.progress)
    throw error
  }
}

interface Launch {
  folder: string
  binaries: Binaries
  identity: Identity
  socketFolder: string
  options: EmbeddedOptions
}

/** Starts the database and waits until it accepts connections. Returns a function that stops it. */
async function launch(options: Launch): Promise<() => Promise<void>> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const child = await spawnPostmaster(options)
    const killAtExit = () => void child.kill('SIGINT')
    process.once('exit', killAtExit)
    const stop = async () => {
      process.removeListener('exit', killAtExit)
      if (child.pid) await stopPostmaster(child.pid)
    }
    try {
      await untilReady(options.folder, child, options.options)
      return stop
    } catch (error) {
      await stop()
      // Child processes of a killed predecessor still finish a statement.
      if (Date.now() > deadline || !String(error).includes('shared memory block')) throw error
      await pause(200)
    }
  }
}

async function spawnPostmaster(launch: Launch): Promise<ChildProcess> {
  const { folder, binaries, identity, socketFolder, options } = launch
  const log = logOf(options)
  const isLarge = await stat(log).then(
    ({ size }) => size > 1_048_576,
    () => false,
  )
  const output = await open(log, isLarge ? 'w' : 'a', 0o600)
  const settings = settingsFor(options, socketFolder === folder ? '.' : `"${socketFolder}"`)
  const child = spawn(
    join(binaries.folder, 'bin', 'postgres'),
    ['-D', ownFolder(folder, identity), ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: Ctrl-C in a terminal reaches this group, and the database must stop last.
    { ...identity, cwd: folder, env: serverEnv, detached: true, stdio: ['ignore', output.fd, output.fd] },
  )
  child.on('error', () => {})
  await output.close()
  return child
}

const port = 5432

function settingsFor(options: EmbeddedOptions, socketFolder: string) {
  const { maxConnections, durable = true, memory = usableMemory() } = options
  const safety = durable ? 'on' : 'off'
  return [
    ['listen_addresses', ''],
    ['port', port],
    ['cluster_name', clusterName],
    ['unix_socket_directories', socketFolder],
    ['unix_socket_permissions', '0700'],
    ['max_connections', maxConnections],
    ...memorySettings(memory),
    ['fsync', safety],
    ['full_page_writes', safety],
    ['synchronous_commit', safety],
    ['TimeZone', 'UTC'],
    ['log_timezone', 'UTC'],
    // The server logs failed statements itself.
    ['log_min_messages', 'log'],
    ['io_method', 'sync'],
    ['jit', 'off'],
  ] as const
}

// The path of a Unix socket has a length limit (104 bytes on macOS, 107 on Linux); long data folders exceed it.
async function chooseSocketFolder(folder: string, identity: Identity): Promise<string> {
  if (Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) <= 100) return folder
  const created = await mkdtemp(join(tmpdir(), socketFolderPrefix))
  if (identity.uid !== undefined) await chown(created, identity.uid, identity.gid ?? identity.uid)
  return created
}

async function untilReady(folder: string, child: ChildProcess, options: EmbeddedOptions): Promise<void> {
  const timer = setTimeout(() => {
    options.progress('The database is recovering from a crash')
  }, 5_000)
  try {
    for (;;) {
      if (!child.pid || !isAlive(child.pid)) throw new OperatorError(await lastLogLines(logOf(options)))
      const postmaster = await readPostmaster(folder)
      if (postmaster?.pid === child.pid && postmaster.ready) return
      await pause(20)
    }
  } finally {
    clearTimeout(timer)
  }
}

const logOf = ({ dataDir }: EmbeddedOptions) => join(dataDir, 'postgres.log')

async function lastLogLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  const lines = text.trimEnd().split('\n').slice(-8)
  return `The database did not start. The end of ${log}:\n${lines.join('\n')}`
}
