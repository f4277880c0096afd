import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('an uncaught error or rejection is logged at fatal and does not end the process', () => {
  const script = join(import.meta.dirname, 'throwing.ts')
  const { status, stdout } = spawnSync(process.execPath, ['scripts/run.mjs', script], { encoding: 'utf8' })
  expect(status).toBe(42)
  expect(stdout).toContain('thrown in a callback')
  expect(stdout).toContain('rejected without a handler')
  expect(stdout.match(/"level":"fatal"/g)).toHaveLength(2)
})
