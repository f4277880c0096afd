import { readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../setup/server-process.ts'
import { ask, start } from './server.ts'

describe('the embedded database', () => {
  test('a second server on the same folder is refused and names the folder and the process', async () => {
    const folder = await temporaryFolder()
    const first = start({ DATA_DIR: folder })
    await first.ready()

    const second = start({ DATA_DIR: folder })
    expect(await second.exited()).toEqual({ code: 1, signal: null })
    expect(second.output()).toContain(
      `Another server (process ${first.pid} on ${hostname()}) is running on the data folder ${folder}/postgres.`,
    )
    expect(second.output()).not.toContain('    at ')
    expect(await ask(folder, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('of two servers that start at once on a new folder, exactly one serves', async () => {
    const folder = await temporaryFolder()
    const both = [start({ DATA_DIR: folder }), start({ DATA_DIR: folder })]

    const outcomes = await Promise.allSettled(both.map((server) => server.ready()))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.map((server) => server.output()).join()).toContain('Another server (process')
    expect((await readdir(folder)).filter((name) => name.startsWith('postgres.new-'))).toEqual([])
  })
})
