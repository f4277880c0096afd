import { expect, onTestFinished, test } from 'vitest'
import { Cluster, embeddedEngine } from '../faults/database/cluster.ts'
import { start } from './server.ts'

test('a standby is refused at start with one sentence', { timeout: 60_000 }, async () => {
  const primary = await Cluster.create(await embeddedEngine())
  onTestFinished(() => primary.remove())
  await primary.stops()
  const standby = await primary.copy({ asStandby: true })
  onTestFinished(() => standby.remove())
  await standby.starts()
  const server = start({ DATABASE_URL: standby.url, AUTH_SECRET: 's'.repeat(32) })
  expect((await server.exited()).code).toBe(1)
  expect(server.output()).toContain(
    'DATABASE_URL leads to a standby, which takes no writes: set it to the primary',
  )
  expect(server.output()).not.toMatch(/\n\s+at /)
})
