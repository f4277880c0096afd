import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished } from 'vitest'
import { isAlive } from '../../src/platform/postgres/process.ts'
import { type ServerProcess, spawnFromSource, spawnServer } from '../setup/server-process.ts'

/** A server that is killed when its test ends. */
export function start(env: Record<string, string>, project?: string): ServerProcess {
  const server = project ? spawnFromSource(env, project) : spawnServer(env)
  onTestFinished(async () => {
    if (isAlive(server.pid)) server.child.kill('SIGTERM')
    await server.exited()
  })
  return server
}

export async function databaseProcess(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10)
}

export async function ask(dataDir: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ host: join(dataDir, 'postgres'), user: 'postgres', database: 'postgres' })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

export const addUser = (name: string) =>
  `insert into "user" (id, handle, handle_skeleton, display_name, password_hash) values ('${name}', '${name}', '${name}', '${name}', '')`

export const shutDownInOrder = (dataDir: string) =>
  expect(readFile(join(dataDir, 'postgres.log'), 'utf8')).resolves.toMatch(/database system is shut down\n$/)
