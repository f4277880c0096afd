import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { freePort } from './free-port.ts'

/** A Redis of one run or one test. It can be killed, and restarts empty. */
export interface RedisProcess {
  url: string
  start(): Promise<void>
  kill(): Promise<void>
}

/** The version of redis-server on this machine; null if it is not installed. */
export function installedRedis(): string | null {
  const { status, stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' })
  return status === 0 ? (stdout.match(/v=(\S+)/)?.[1] ?? '?') : null
}

export async function createRedis(...settings: string[]): Promise<RedisProcess> {
  const port = await freePort()
  let child: ChildProcess | null = null
  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const args = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        // A replica stores what it receives from its primary in a file.
        '--dir',
        tmpdir(),
        '--rdb-del-sync-files',
        'yes',
        ...settings,
      ]
      child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
      await saysReady(child)
    },
    async kill() {
      const running = child
      child = null
      if (running?.kill('SIGKILL')) await once(running, 'exit')
    },
  }
}

async function saysReady(child: ChildProcess): Promise<void> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += chunk
    if (output.includes('Ready to accept connections')) {
      child.stdout?.resume()
      return
    }
  }
  throw new Error(`Redis did not start:\n${output}`)
}
