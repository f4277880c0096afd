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

/** Of all subscribers. A message that one of them receives twice counts once. */
export interface Deliveries {
  messages: number
  frames: number
}

export interface Delivered {
  seconds: number
  /** During the measured time, and from the first send to the last delivery. */
  counted: Deliveries
  total: Deliveries
  /** Subscribers that received fewer messages than were sent. */
  incomplete: number
}

interface Lane {
  conversationId: string
  sent: number
  seen: number
}

const noCounts = (): Counts => ({ frames: 0, marks: 0, bytes: 0 })
const ignored = noCounts()
/** One per subscriber. */
let counts: Counts[] = []
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
  const own = noCounts()
  counts.push(own)
  const localAddress = addressOf(index)
  const accessToken = accessTokens[index % accessTokens.length]
  return accessToken
    ? subscribe({ url, accessToken, localAddress }, own, closed)
    : openWire({ url, path: '/subscribe', localAddress }, own, closed)
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
  counts = []
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
  const first = deliveries()
  const marksBefore = counts.map(({ marks }) => marks)
  onSeen = pump
  pump()
  await pause(input.warmUpMs)
  const [since, before] = [performance.now(), deliveries()]
  await pause(input.ms)
  const [seconds, after] = [(performance.now() - since) / 1000, deliveries()]
  onSeen = () => {}
  await untilQuiet()
  const total = difference(first, deliveries())
  const sent = total.messages / readers.length
  const received = counts.map(({ marks }, index) => marks - (marksBefore[index] ?? 0))
  // A signal has no mark.
  const incomplete = received.some((marks) => marks > 0) ? received.filter((marks) => marks < sent).length : 0
  return { seconds, counted: difference(before, after), total, incomplete }
}

/** Waits until the last subscriber has received everything, and gives the others time to. */
async function untilQuiet(): Promise<void> {
  while (!caughtUp()) await pause(5)
  for (let frames = -1; frames !== deliveries().frames; await pause(150)) frames = deliveries().frames
}

const sum = (key: keyof Counts) => counts.reduce((total, each) => total + each[key], 0)

/** The last subscriber stands for all: a message is in transit until it has it. */
const deliveries = (): Deliveries => ({
  messages: lanes.reduce((total, { seen }) => total + seen, 0) * readers.length,
  frames: sum('frames'),
})

const difference = (before: Deliveries, after: Deliveries): Deliveries => ({
  messages: after.messages - before.messages,
  frames: after.frames - before.frames,
})

/** Size of the frame of one message. */
async function measureFrame(): Promise<number> {
  const [lane] = lanes
  if (!lane) return 0
  sendOne(lane)
  await untilQuiet()
  const [frames, bytes] = [sum('frames'), sum('bytes')]
  sendOne(lane)
  while (sum('frames') < frames + readers.length) await pause(5)
  return Math.round((sum('bytes') - bytes) / readers.length)
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
