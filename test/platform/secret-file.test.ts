import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadOrCreateSecret } from '../../src/platform/files/load-or-create-secret.ts'
import { OperatorError } from '../../src/platform/operator-error.ts'
import { temporaryFolder } from '../setup/server-process.ts'

test('a secret file is created once, also by concurrent callers, and read again', async () => {
  const file = join(await temporaryFolder(), 'new', 'secret')
  const secrets = await Promise.all([1, 2, 3].map(() => loadOrCreateSecret(file)))
  expect(new Set(secrets).size).toBe(1)
  expect(await loadOrCreateSecret(file)).toBe(secrets[0])
})

test('a secret file of 32 characters is accepted, and a shorter one is rejected and not replaced', async () => {
  const file = join(await temporaryFolder(), 'secret')
  await writeFile(file, `${'x'.repeat(32)}\n`)
  expect(await loadOrCreateSecret(file)).toBe('x'.repeat(32))
  for (const text of [`${'x'.repeat(31)}\n`, 'x', '', '\n'.repeat(40)]) {
    await writeFile(file, text)
    await expect(loadOrCreateSecret(file)).rejects.toBeInstanceOf(OperatorError)
    expect(await readFile(file, 'utf8')).toBe(text)
  }
})
