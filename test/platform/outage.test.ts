import { expect, test } from 'vitest'
import { outageOf } from '../../src/platform/db/outage.ts'

const systemError = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall })

test('a missing socket file is a database outage, any other missing file is not', () => {
  expect(outageOf(systemError('ENOENT', 'connect'))).toBe('nothing written')
  for (const syscall of ['open', 'mkdir', 'link', 'stat'])
    expect(outageOf(systemError('ENOENT', syscall))).toBeNull()
})
