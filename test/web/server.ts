import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { cheapHashing } from '../setup/cheap-hashing.ts'
import { createTestDatabase } from '../setup/database.ts'
import { generousLimits } from '../setup/generous-limits.ts'

export interface RestartingServer {
  readonly url: string
  stop(): Promise<void>
  /** At the same address and with the same data. */
  start(): Promise<void>
}

/** A server that can be stopped and started again within a test. */
export async function restartingServer(): Promise<RestartingServer> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-web-'))
  let app: App | null = null
  let url = 'http://localhost:0'

  async function start() {
    const config = readConfig({
      PORT: new URL(url).port || '0',
      LOG_LEVEL: 'error',
      AUTH_SECRET: 'a secret for tests that is long enough',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '5',
      ...generousLimits,
    })
    app = await createApp(config, { passwordHashing: cheapHashing })
    url = app.url
  }
  async function stop() {
    await app?.close()
    app = null
  }

  onTestFinished(async () => {
    await stop()
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  await start()
  return {
    get url() {
      return url
    },
    start,
    stop,
  }
}
