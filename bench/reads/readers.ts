import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { answer } from '../answer.ts'
import type { Round } from '../report.ts'

// Clients that read a page again as soon as they have it.

export interface PageRequest {
  url: string
  /** Null for the floor, which takes no body. */
  operation: { accessToken: string; query: string; variables: object } | null
}

export interface Reading {
  /** The page of each reader. */
  pages: PageRequest[]
  warmUpMs: number
  ms: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

function read({ url, operation }: PageRequest): Promise<string> {
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
  /** An answer for each page, to check what is measured. */
  once: ({ pages }: Reading) => Promise.all(pages.map(read)),
  /** Reads the pages a number of times altogether. */
  async repeat({ pages, times }: Reading & { times: number }): Promise<void> {
    let left = times
    const workers = pages.map(async (page) => {
      for (; left > 0; left -= 1) await read(page)
    })
    await Promise.all(workers)
  },
  async drive(reading: Reading): Promise<Round> {
    let going = true
    let count = 0
    const workers = reading.pages.map(async (page) => {
      for (; going; count += 1) await read(page)
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
