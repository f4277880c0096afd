import { mkdirSync, writeFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'
import { dirname } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { answer } from './answer.ts'

// Imported into a server process to report its cost.

export interface Memory {
  rss: number
  /** Memory held by JavaScript, in its heap and outside. */
  held: number
}

const session = new Session()
session.connect()

const post = <Result>(method: string): Promise<Result> =>
  new Promise((resolve, reject) =>
    session.post(method, (error, result) => (error ? reject(error) : resolve(result as Result))),
  )

const handlers = {
  /** CPU time so far, in microseconds. */
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  async memory(): Promise<Memory> {
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc?.()
      await turn()
    }
    const { rss, heapUsed, external } = process.memoryUsage()
    return { rss, held: heapUsed + external }
  },
  async startProfile() {
    await post('Profiler.enable')
    await post('Profiler.start')
  },
  async saveProfile(file: string) {
    const { profile } = await post<{ profile: Profiler.Profile }>('Profiler.stop')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(profile))
  },
}

export type ProbeHandlers = typeof handlers

answer(handlers, () => process.kill(process.pid, 'SIGTERM'))
