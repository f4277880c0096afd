import { troubled } from './model.ts'
import type { Sight } from './observations.ts'
import { observationsOf } from './observations.ts'
import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

const recently = 1_500

/** What a device holds: conversation → message id → its newest version. */
type Held = Map<string, Map<string, Sight>>

/** Folds what a device received, in the order in which it took it, as docs/protocol.md describes. */
export function foldDevice(world: World, user: string, device: string): { held: Held; events: number } {
  const held: Held = new Map()
  let events = 0
  const keep = (sights: Sight[]) => {
    for (const sight of sights) {
      const messages = held.get(sight.conversation)
      const present = messages?.get(sight.id)
      if (messages && (present?.version ?? 0) <= sight.version) messages.set(sight.id, sight)
    }
  }
  const adopt = (id: string) => held.get(id) ?? held.set(id, new Map())
  const operations = new Map(
    world.operations
      .filter((each) => each.user === user && each.device === device)
      .map((each) => [each.op, each]),
  )
  for (const line of world.lines) {
    if (line.ph === 'ok') {
      const operation = operations.get(line.op)
      if (operation?.f === 'sync') {
        if (operation.in.after === null) held.clear()
        const page = operation.out.sync as { conversations: { id: string }[] }
        for (const { id } of page.conversations) adopt(id)
      }
      if (operation?.f === 'changes')
        keep(observationsOf({ ...world, operations: [operation], events: [] }).sights)
    }
    if (line.ph !== 'event' || line.user !== user || line.device !== device) continue
    events += 1
    const { event } = line
    if (event.__typename === 'ConversationRemoved') held.delete(String(event.conversationId))
    if (event.__typename === 'ConversationChanged') adopt((event.conversation as { id: string }).id)
    keep(observationsOf({ ...world, operations: [], events: [line] }).sights)
  }
  return { held, events }
}

/** P8, P9, P10, P19: what a device holds in the end is what its user reads. */
export function complete(world: World): Verdict[] {
  const [resumed, window, hints, live] = ['P8', 'P9', 'P10', 'P19'].map((name) => new Verdict(name)) as [
    Verdict,
    Verdict,
    Verdict,
    Verdict,
  ]
  const devices = new Set(world.streams.map(({ user, device }) => `${user} ${device}`))
  for (const name of devices) {
    const [user = '', device = ''] = name.split(' ')
    const { held, events } = foldDevice(world, user, device)
    const opens = world.streams.filter(
      (each) => each.ph === 'open' && each.user === user && each.device === device,
    )
    resumed.examined += events
    window.examined += opens.length
    hints.examined += world.events.filter(
      (each) => each.user === user && troubled(world, each.t, each.t, /^(bus|redis)/),
    ).length
    for (const [conversation, log] of world.final.get(user) ?? []) {
      for (const expected of log) {
        const present = held.get(conversation)?.get(expected.id)
        const isLost = !present || present.version < expected.version
        const detail = `${name} holds ${present ? `version ${present.version}` : 'nothing'} of ${conversation} ${expected.seq}, version ${expected.version}`
        live.examine(
          'state-differs',
          !isLost &&
            present.text !== expected.text &&
            `${name} holds "${present.text}" of ${conversation} ${expected.seq}`,
        )
        if (!isLost) continue
        const t = timeOf(world, expected)
        const [verdict, check] = troubled(world, t, t, /^(bus|redis)/)
          ? [hints, 'lost-with-its-hint']
          : opens.some((open) => Math.abs(open.t - t) < recently)
            ? [window, 'lost-in-the-window']
            : [resumed, 'lost-event']
        verdict.examine(check, detail, t)
      }
    }
    for (const conversation of held.keys())
      live.examine(
        'kept-conversation',
        !world.final.get(user)?.has(conversation) && `${name} still holds ${conversation}`,
      )
  }
  return [resumed, window, hints, live]
}

/** When the change that is missing was acknowledged, or first seen. */
function timeOf({ sights }: World, { id, version }: Sight): number {
  const seen = sights.filter((each) => each.id === id && each.version >= version && each.via !== 'final')
  return Math.min(...seen.map(({ end }) => end))
}

/** P12: a user sees their own acknowledged sends, on every device. */
export function readYourWrites(world: World): Verdict {
  const verdict = new Verdict('P12')
  for (const { user, conversation, begin, end, maxSeq, via } of world.counts) {
    if (maxSeq === null || via === 'event') continue
    const own = world.operations.filter(
      (each) =>
        each.f === 'send' &&
        each.result === 'ok' &&
        each.user === user &&
        each.end < begin &&
        each.in.conversationId === conversation,
    )
    if (own.length === 0) continue
    const sent = Math.max(
      ...own.map(({ out }) => (out.sendMessage as { message: { seq: number } }).message.seq),
    )
    verdict.examine(
      'stale-read',
      maxSeq < sent && `${user} read ${conversation} up to ${maxSeq} after sending ${sent}`,
      end,
    )
  }
  return verdict
}
