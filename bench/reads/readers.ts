import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { answer } from '../answer.ts'
import type { Round } from '../report.ts'

// Clients that read a page again as soon as they have it.

export interface Reading {
  url: string
  /** Null for the floor, which takes no body. */
  operation: { accessToken: string; query: string; variables: object } | null
  readers: number
  warmUpMs: number
  ms: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

function read({ url, operation }: Reading): Promise<string> {
  const body = operation ? JSON.stringify({ query: operation.query, variables: operation.variables }) : ''
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(operation ? { authorization: `Bearer ${operation.accessToken}` } : {}),
  }
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const handlers = {
  /** One answer, to check what is measured. */
  first: (reading: Reading) => read(reading),
  /** Reads the page a number of times. */
  async repeat(reading: Reading & { times: number }): Promise<void> {
    let left = reading.times
    const workers = Array.from({ length: reading.readers }, async () => {
      for (; left > 0; left -= 1) await read(reading)
    })
    await Promise.all(workers)
  },
  async drive(reading: Reading): Promise<Round> {
    let going = true
    let count = 0
    const workers = Array.from({ length: reading.readers }, async () => {
      for (; going; count += 1) await read(reading)
    })
    await pause(reading.warmUpMs)
    const [since, before] = [performance.now(), count]
    await pause(reading.ms)
    const done = { count: count - before, seconds: (performance.now() - since) / 1000 }
    going = false
    await Promise.all(workers)
    return { ...done, total: count }
  },
}

export type ReaderHandlers = typeof handlers

answer(handlers)
