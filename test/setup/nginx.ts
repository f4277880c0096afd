import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { freePort } from './free-port.ts'

export const hasNginx = (): boolean => spawnSync('nginx', ['-v']).status === 0

interface Nginx {
  url: string
  close(): Promise<void>
}

/** Starts nginx with the shipped configuration in front of one server, or of two. */
export async function startNginx(first: string, second?: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-nginx-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  const shipped = await readFile(join(import.meta.dirname, '../../deploy/nginx.conf'), 'utf8')
  const config = shipped
    // Debian's nginx does not support `resolve`.
    .replace(/^ *resolver .*$/m, '')
    .replace(/^ *server server-1:4000 resolve/m, `server ${new URL(first).host}`)
    .replace(/^ *server server-2:4000 resolve(.*)$/m, second ? `server ${new URL(second).host}$1` : '')
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('http {', `http { access_log off; client_body_temp_path ${folder}/body;`)
  await writeFile(join(folder, 'nginx.conf'), `daemon off; pid ${folder}/pid; error_log stderr;\n${config}`)
  const child = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk
  })
  const url = `http://127.0.0.1:${port}`
  await vi.waitFor(async () => {
    if (child.exitCode !== null) throw new Error(errors)
    await fetch(`${url}/ready`)
  }, 10_000)
  return { url, close: () => stop(child, folder) }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = once(child, 'exit')
  if (child.exitCode === null && child.kill('SIGTERM')) await ended
  await rm(folder, { recursive: true, force: true })
}
