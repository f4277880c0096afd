import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { answer } from '../answer.ts'
import type { Counts } from './frame-reader.ts'
import { type Client, sendOperation, signIn, subscribe } from './operations.ts'
import { inBatches, openWire, type Wire } from './wire.ts'

// Many subscribers and their senders: a message is sent when the last subscriber has received an earlier one, which keeps
// the number of messages in transit constant.

export interface Readers {
  url: string
  /** One per subscriber; none for the floor. */
  accessTokens: string[]
  count: number
  /** The senders, one socket each. */
  senderTokens: string[]
  /** Target conversations, in turns. */
  conversationIds: string[]
}

export interface Delivered {
  seconds: number
  /** During the measured time, and from the first send to the last delivery. */
  counted: Counts
  total: Counts
}

interface Lane {
  conversationId: string
  sent: number
  seen: number
}

const counts: Counts = { frames: 0, marks: 0, bytes: 0 }
const ignored: Counts = { frames: 0, marks: 0, bytes: 0 }
const run = randomBytes(4).toString('hex')
let readers: Wire[] = []
let senders: Wire[] = []
let lanes: Lane[] = []
let wanted: Readers | null = null
let nextId = 0
let window = 0
let frameBytes = 0
let onSeen = () => {}

const addressOf = (index: number) => `127.0.0.${2 + (index % 8)}`

function closed(code: number): void {
  if (readers.length > 0) throw new Error(`The socket of a reader was closed: ${code}`)
}

const openReader = ({ url, accessTokens }: Readers, index: number): Promise<Wire> => {
  const localAddress = addressOf(index)
  const accessToken = accessTokens[index % accessTokens.length]
  return accessToken
    ? subscribe({ url, accessToken, localAddress }, counts, closed)
    : openWire({ url, path: '/subscribe', localAddress }, counts, closed)
}

async function openSender({ url }: Readers, accessToken: string): Promise<Wire> {
  if (accessToken === '') return openWire({ url, path: '/send' }, ignored, closed)
  const wire = await signIn({ url, accessToken } satisfies Client, ignored, closed)
  wire.listen((text) => {
    if (text.includes('"errors"')) throw new Error(`A send was refused: ${text}`)
  })
  return wire
}

async function open(input: Readers): Promise<void> {
  wanted = input
  const indexes = Array.from({ length: input.count }, (_none, index) => index)
  readers = await inBatches(indexes, 100, (index) => openReader(input, index))
  senders = await Promise.all(input.senderTokens.map((token) => openSender(input, token)))
  lanes = input.conversationIds.map((conversationId) => ({ conversationId, sent: 0, seen: 0 }))
  readers.at(-1)?.listen(watch)
}

/** Frames of the last subscriber. */
function watch(text: string): void {
  const [, conversationId] = text.match(/"conversationId":"([^"]+)"/) ?? []
  const lane =
    lanes.find((each) => each.conversationId === conversationId) ?? (conversationId ? undefined : lanes[0])
  if (!lane || text.includes('"Checkpoint"')) return
  lane.seen = Number(text.match(/"maxSeq":(\d+)/)?.[1] ?? lane.seen + 1)
  onSeen()
}

function pump(): void {
  for (const lane of lanes) while (lane.sent - lane.seen < window) sendOne(lane)
}

function sendOne(lane: Lane): void {
  const id = String(nextId++)
  lane.sent += 1
  const sender = senders[nextId % senders.length] as Wire
  if (wanted?.accessTokens.length === 0) sender.send(String(frameBytes))
  else sender.send(sendOperation(id, lane.conversationId, `${run}-${id}`))
}

const caughtUp = () => lanes.every((lane) => lane.sent === lane.seen)

async function drive(input: {
  window: number
  frameBytes: number
  warmUpMs: number
  ms: number
}): Promise<Delivered> {
  ;({ window, frameBytes } = input)
  const first = { ...counts }
  onSeen = pump
  pump()
  await pause(input.warmUpMs)
  const [since, before] = [performance.now(), { ...counts }]
  await pause(input.ms)
  const [seconds, after] = [(performance.now() - since) / 1000, { ...counts }]
  onSeen = () => {}
  await untilQuiet()
  return { seconds, counted: difference(before, after), total: difference(first, counts) }
}

/** Waits until the last subscriber has received everything, and gives the others time to. */
async function untilQuiet(): Promise<void> {
  while (!caughtUp()) await pause(5)
  for (let frames = -1; frames !== counts.frames; await pause(150)) frames = counts.frames
}

const difference = (before: Counts, after: Counts): Counts => ({
  frames: after.frames - before.frames,
  marks: after.marks - before.marks,
  bytes: after.bytes - before.bytes,
})

/** Size of the frame of one message. */
async function measureFrame(): Promise<number> {
  const [lane] = lanes
  if (!lane) return 0
  sendOne(lane)
  await untilQuiet()
  const before = { ...counts }
  sendOne(lane)
  while (counts.frames < before.frames + readers.length) await pause(5)
  return Math.round((counts.bytes - before.bytes) / readers.length)
}

const handlers = {
  open,
  drive,
  measureFrame,
  close() {
    for (const wire of [...readers.splice(0), ...senders.splice(0)]) wire.close()
  },
}

export type SubscriberHandlers = typeof handlers

answer(handlers)
