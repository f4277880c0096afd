import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { answer } from '../answer.ts'
import type { Round } from '../report.ts'
import { type Client, sendOperation, signIn } from './operations.ts'
import type { Wire } from './wire.ts'

// Users who send as fast as they get responses, each with many concurrent sends on one socket.

export interface Sender extends Client {
  conversationIds: string[]
}

export interface SendsDone extends Round {
  /** Median time from a send to its response, in milliseconds. */
  medianMs: number
}

interface Open {
  wire: Wire
  conversationIds: string[]
  begun: Map<string, number>
}

const run = randomBytes(4).toString('hex')
let senders: Open[] = []
let nextId = 0
let going = false
let latencies: number[] = []

function sendOne({ wire, conversationIds, begun }: Open): void {
  const id = String(nextId++)
  begun.set(id, performance.now())
  wire.send(sendOperation(id, conversationIds[nextId % conversationIds.length] as string, `${run}-${id}`))
}

function onAnswer(sender: Open, text: string): void {
  const match = text.match(/^\{"id":"(\d+)","type":"next","payload":\{"data":\{"sendMessage":\{/)
  if (!match?.[1]) {
    if (text.includes('"type":"complete"')) return
    throw new Error(`A send was refused: ${text}`)
  }
  const since = sender.begun.get(match[1])
  sender.begun.delete(match[1])
  if (since !== undefined) latencies.push(performance.now() - since)
  if (going) sendOne(sender)
}

async function open(wanted: Sender[]): Promise<void> {
  const nothing = { frames: 0, marks: 0, bytes: 0 }
  senders = await Promise.all(
    wanted.map(async ({ conversationIds, ...client }) => {
      const wire = await signIn(client, nothing, closed)
      const sender: Open = { wire, conversationIds, begun: new Map() }
      wire.listen((text) => onAnswer(sender, text))
      return sender
    }),
  )
}

function closed(code: number): void {
  throw new Error(`The socket of a sender was closed: ${code}`)
}

async function drive({
  inFlight,
  warmUpMs,
  ms,
}: {
  inFlight: number
  warmUpMs: number
  ms: number
}): Promise<SendsDone> {
  const first = nextId
  going = true
  for (const sender of senders) for (let count = 0; count < inFlight; count += 1) sendOne(sender)
  await pause(warmUpMs)
  latencies = []
  const since = performance.now()
  await pause(ms)
  const seconds = (performance.now() - since) / 1000
  const measured = latencies.sort((one, other) => one - other)
  going = false
  latencies = []
  while (senders.some(({ begun }) => begun.size > 0)) await pause(5)
  return {
    count: measured.length,
    seconds,
    total: nextId - first,
    medianMs: measured[measured.length >> 1] ?? 0,
  }
}

const handlers = {
  open,
  drive,
  close() {
    for (const { wire } of senders) wire.close()
    senders = []
  },
}

export type SenderHandlers = typeof handlers

answer(handlers)
