import type { ServerResponse } from 'node:http'
import { Session } from 'node:inspector/promises'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { getHeapSnapshot } from 'node:v8'
import type { Logger } from 'pino'

const secondsMax = 60

/** Looks into the process while it serves: where it spends its time, and what is in its memory. One look at a time. */
export function createInspection(log: Logger) {
  let busy = false
  const alone = async (response: ServerResponse, what: string, look: () => Promise<void>) => {
    if (busy) return void response.writeHead(409).end('Another look goes on.\n')
    busy = true
    log.warn({ what }, 'process inspected')
    await look().finally(() => {
      busy = false
    })
  }

  return {
    /** A CPU profile of the next seconds, for the performance tab of Chromium's developer tools. */
    profile: (response: ServerResponse, given: string | null) => {
      const seconds = Number(given ?? 10)
      if (!(seconds > 0 && seconds <= secondsMax))
        return void response.writeHead(400).end(`seconds: more than 0, at most ${secondsMax}.\n`)
      return alone(response, 'cpu profile', async () => {
        const gone = new AbortController()
        response.on('close', () => gone.abort())
        const session = new Session()
        session.connect()
        try {
          await session.post('Profiler.enable')
          await session.post('Profiler.start')
          await pause(seconds * 1_000, undefined, { ref: false, signal: gone.signal }).catch(() => {})
          const { profile } = await session.post('Profiler.stop')
          response.writeHead(200, attachment('parlance.cpuprofile')).end(JSON.stringify(profile))
        } finally {
          session.disconnect()
        }
      })
    },
    /** All objects, for the memory tab. The process stands still while it is taken, and it contains messages and tokens. */
    heap: (response: ServerResponse) =>
      alone(response, 'heap snapshot', async () => {
        response.writeHead(200, attachment('parlance.heapsnapshot'))
        await pipeline(getHeapSnapshot(), response)
      }),
  }
}

const attachment = (name: string) => ({
  'content-type': 'application/json',
  'content-disposition': `attachment; filename="${name}"`,
})
