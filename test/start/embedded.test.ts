import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memorySettings, usableMemory } from '../../src/platform/postgres/memory.ts'
import { isAlive } from '../../src/platform/postgres/process.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { ask, databaseProcess, shutDownInOrder, start } from './server.ts'

describe('the embedded database', () => {
  test('the first start creates it and prints what serves; SIGTERM leaves clean data and no process', async () => {
    const folder = await temporaryFolder()
    const dataDir = join(folder, 'not yet there')
    const server = start({ DATA_DIR: dataDir })

    const url = await server.ready()
    expect((await fetch(`${url}/live`)).status).toBe(200)
    expect(server.output()).toMatch(
      /"preparing the database"[\s\S]*"starting the database"[\s\S]*embedded PostgreSQL 18/,
    )
    expect(server.output()).toMatch(/"Bus":"in this process","Search":"PostgreSQL","Uploads":"the folder \//)
    const database = await databaseProcess(dataDir)
    expect(isAlive(database)).toBe(true)

    server.child.kill('SIGTERM')
    expect(await server.exited()).toEqual({ code: 0, signal: null })
    expect(isAlive(database)).toBe(false)
    expect(await readdir(join(dataDir, 'postgres'))).not.toContain('postmaster.pid')
    await shutDownInOrder(dataDir)
  })

  test('is durable and not reachable over a network', async () => {
    const folder = await temporaryFolder()
    await start({ DATA_DIR: folder }).ready()

    expect(
      await ask(
        folder,
        `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'TimeZone', 'server_encoding') order by name collate "C"`,
      ),
    ).toEqual([
      { name: 'TimeZone', setting: 'UTC' },
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'synchronous_commit', setting: 'on' },
    ])
    expect((await stat(join(folder, 'postgres'))).mode & 0o077).toBe(0)
  })

  test('has the settings for the memory of this machine', async () => {
    const folder = await temporaryFolder()
    await start({ DATA_DIR: folder }).ready()
    const wanted = memorySettings(usableMemory()).map(([name, value]) => ({ name, bytes: bytesOf(value) }))
    expect(
      await ask(
        folder,
        `select name, pg_size_bytes(current_setting(name)) as bytes from pg_settings
         where name in ('shared_buffers', 'effective_cache_size', 'work_mem')`,
      ),
    ).toEqual(expect.arrayContaining(wanted))
  })

  test('Ctrl-C, which reaches the whole process group, stops the server before the database', async () => {
    const folder = await temporaryFolder()
    const server = start({ DATA_DIR: folder })
    await server.ready()
    const database = await databaseProcess(folder)

    process.kill(-server.pid, 'SIGINT')
    expect(await server.exited()).toEqual({ code: 0, signal: null })
    expect(isAlive(database)).toBe(false)
    await shutDownInOrder(folder)
  })

  test('works in a folder whose path is too long for a Unix socket', async () => {
    const folder = await temporaryFolder()
    const dataDir = join(folder, 'a'.repeat(80), 'b'.repeat(80))
    const server = start({ DATA_DIR: dataDir })

    expect((await fetch(`${await server.ready()}/ready`)).status).toBe(200)
    const socketFolder =
      (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[4] ?? ''
    expect((await stat(socketFolder)).mode & 0o077).toBe(0)

    server.child.kill('SIGTERM')
    await server.exited()
    await expect(stat(socketFolder)).rejects.toThrow('ENOENT')
  })

  test('refuses data of another PostgreSQL version with one sentence', async () => {
    const folder = await temporaryFolder()
    const first = start({ DATA_DIR: folder })
    await first.ready()
    first.child.kill('SIGTERM')
    await first.exited()
    await writeFile(join(folder, 'postgres/PG_VERSION'), '17\n')

    const second = start({ DATA_DIR: folder })
    expect((await second.exited()).code).toBe(1)
    expect(second.output()).toContain('written by PostgreSQL 17; this version of Parlance contains 18')
  })
})

const bytesOf = (text: string) => String(Number.parseInt(text, 10) * 1_048_576)
