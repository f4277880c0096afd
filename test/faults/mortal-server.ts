import { onTestFinished } from 'vitest'
import { isAlive } from '../../src/platform/postgres/process.ts'
import { freePort } from '../setup/free-port.ts'
import { type ServerProcess, spawnServer } from '../setup/server-process.ts'

/** A server that a test can kill and restart at the same address with the same data. */
export async function mortalServer(env: Record<string, string>) {
  const settings = {
    ...env,
    PORT: String(await freePort()),
    DIRECT_MESSAGES_FROM: 'everyone',
    GROUP_ADDITIONS_FROM: 'everyone',
  }
  let server: ServerProcess = spawnServer({ ...settings, LIMIT_INLINE_GROUP_SIZE: '2' })
  onTestFinished(async () => {
    if (isAlive(server.pid)) server.child.kill('SIGTERM')
    await server.exited()
  })
  return {
    url: await server.ready(),
    async dies() {
      server.child.kill('SIGKILL')
      await server.exited()
    },
    async comesBack() {
      server = spawnServer({ ...settings, LIMIT_INLINE_GROUP_SIZE: '2' })
      await server.ready()
    },
  }
}
