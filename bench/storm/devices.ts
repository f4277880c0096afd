import { setTimeout as pause } from 'node:timers/promises'
import { answer } from '../answer.ts'
import type { Counts } from '../load/frame-reader.ts'
import { signIn } from '../load/operations.ts'
import { inBatches, openWire, type Wire } from '../load/wire.ts'

// Devices that lose their connections together, and reconnect together with the cursors that they hold.

const inbox = `subscription Inbox($after: SyncCursor) {
  inbox(after: $after) {
    cursor
    ... on Checkpoint { caughtUp }
    ... on MessagesChanged { conversationId messages { seq version senderName sentAt content { ... on TextContent { text } } } }
  }
}`

export interface Outcome {
  seconds: number
  /** Devices that got a Checkpoint with all that they missed. */
  caughtUp: number
  /** Events and upgrades that were refused. */
  refused: number
}

interface Device {
  wire: Wire | null
  cursor: string | null
}

const counts: Counts = { frames: 0, marks: 0, bytes: 0 }
const ignore = () => {}
let url = ''
let accessTokens: string[] = []
let devices: Device[] = []

const localAddress = (index: number) => `127.0.0.${2 + (index % 8)}`

/** Rejects if the server closes the socket before the Checkpoint. */
function subscribe(device: Device, index: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const closed = (code: number) => reject(new Error(`The socket was closed: ${code}`))
    catchUp(device, index, closed).then(resolve, reject)
  })
}

/** Subscribes after the cursor of the device; resolves with the number of messages that came before the Checkpoint. */
async function catchUp(device: Device, index: number, closed: (code: number) => void): Promise<number> {
  const accessToken = accessTokens[index] ?? ''
  const wire = await signIn({ url, accessToken, localAddress: localAddress(index) }, counts, closed)
  device.wire = wire
  const seen = new Set<string>()
  return new Promise((resolve, reject) => {
    wire.listen((text) => {
      if (text.includes('"errors"')) return reject(new Error(text))
      for (const [, seq] of text.matchAll(/"seq":(\d+)/g)) seen.add(String(seq))
      device.cursor = text.match(/"cursor":"([^"]+)"/)?.[1] ?? device.cursor
      if (!text.includes('"caughtUp":true')) return
      wire.listen(null)
      resolve(seen.size)
    })
    const variables = { after: device.cursor }
    wire.send(JSON.stringify({ id: 'inbox', type: 'subscribe', payload: { query: inbox, variables } }))
  })
}

const retryMs = 200
const patienceMs = 120_000

const handlers = {
  async open(given: { url: string; accessTokens: string[] }): Promise<void> {
    url = given.url
    accessTokens = given.accessTokens
    devices = accessTokens.map(() => ({ wire: null, cursor: null }))
    await inBatches(devices, 50, subscribe)
  },
  cut(): void {
    for (const device of devices) device.wire?.close()
  },
  /** All at once; who is refused tries again, as clients do. */
  async reconnect(missed: number): Promise<Outcome> {
    const since = performance.now()
    let [caughtUp, refused] = [0, 0]
    await Promise.all(
      devices.map(async (device, index) => {
        while (performance.now() - since < patienceMs) {
          const got = await subscribe(device, index).catch(() => null)
          if (got === missed) caughtUp += 1
          if (got !== null) return
          refused += 1
          device.wire?.close()
          await pause(retryMs * (1 + Math.random()))
        }
      }),
    )
    return { seconds: (performance.now() - since) / 1000, caughtUp, refused }
  },
  /** As many sockets of the floor, without any traffic. */
  async connect(given: { url: string; count: number }): Promise<number> {
    const since = performance.now()
    const indexes = Array.from({ length: given.count }, (_none, index) => index)
    const open = (_item: number, index: number) =>
      openWire({ url: given.url, path: '/subscribe', localAddress: localAddress(index) }, counts, ignore)
    const wires = await inBatches(indexes, 500, open)
    const seconds = (performance.now() - since) / 1000
    for (const wire of wires) wire.close()
    return seconds
  },
}

export type DeviceHandlers = typeof handlers

answer(handlers)
