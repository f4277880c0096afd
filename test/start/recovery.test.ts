import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAlive } from '../../src/platform/postgres/process.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { addUser, ask, databaseProcess, start } from './server.ts'

describe('the embedded database', () => {
  test('the start after kill -9 stops the orphaned database and finds all data', async () => {
    const folder = await temporaryFolder()
    const killed = start({ DATA_DIR: folder })
    await killed.ready()
    await ask(folder, addUser('survivor'))
    const orphan = await databaseProcess(folder)

    killed.child.kill('SIGKILL')
    await killed.exited()
    expect(isAlive(orphan)).toBe(true)

    await start({ DATA_DIR: folder }).ready()
    expect(isAlive(orphan)).toBe(false)
    expect(await databaseProcess(folder)).not.toBe(orphan)
    expect(await ask(folder, 'select id from "user"')).toEqual([{ id: 'survivor' }])
  })

  test('the start after kill -9 of server and database recovers', async () => {
    const folder = await temporaryFolder()
    const killed = start({ DATA_DIR: folder })
    await killed.ready()
    await ask(folder, addUser('survivor'))
    const orphan = await databaseProcess(folder)

    killed.child.kill('SIGKILL')
    process.kill(orphan, 'SIGKILL')
    await killed.exited()

    await start({ DATA_DIR: folder }).ready()
    expect(await ask(folder, 'select id from "user"')).toEqual([{ id: 'survivor' }])
  })

  test('does not count as running when another process has its process id', async () => {
    const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()]
    const [killed, other] = [start({ DATA_DIR: folder }), start({ DATA_DIR: elsewhere })]
    await Promise.all([killed.ready(), other.ready()])
    const orphan = await databaseProcess(folder)
    killed.child.kill('SIGKILL')
    process.kill(orphan, 'SIGKILL')
    await killed.exited()

    const mark = join(folder, 'postgres/postmaster.pid')
    const text = await readFile(mark, 'utf8')
    await writeFile(mark, text.replace(/^\d+/, String(await databaseProcess(elsewhere))))
    await start({ DATA_DIR: folder }).ready()
    expect(isAlive(await databaseProcess(elsewhere))).toBe(true)
  })

  test('removes what an interrupted first start left behind', async () => {
    const folder = await temporaryFolder()
    // No process has this id: it is above the maximum of Linux.
    await mkdir(join(folder, 'postgres.new-99999999/base'), { recursive: true })

    await start({ DATA_DIR: folder }).ready()
    expect(await readdir(folder)).not.toContain('postgres.new-99999999')
  })
})
