import { type FoldedDevice, foldDevice, type Gap } from './fold.ts'
import { troubled } from './model.ts'
import type { Sight } from './observations.ts'
import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

const recently = 1_500

/** Each kind of loss belongs to the promise that a fault or a new connection at that time puts to the test. */
interface Verdicts {
  resumed: Verdict
  window: Verdict
  hints: Verdict
  live: Verdict
}

/** P8, P9, P10: a stream leaves nothing out. P19: what a device holds in the end is what its user reads. */
export function complete(world: World): Verdict[] {
  const verdicts: Verdicts = {
    resumed: new Verdict('P8'),
    window: new Verdict('P9'),
    hints: new Verdict('P10'),
    live: new Verdict('P19'),
  }
  const devices = new Set(world.streams.map(({ user, device }) => `${user} ${device}`))
  for (const name of devices) {
    const [user = '', device = ''] = name.split(' ')
    const folded = foldDevice(world, user, device)
    const opens = world.streams
      .filter((each) => each.ph === 'open' && each.user === user && each.device === device)
      .map(({ t }) => t)
    verdicts.resumed.examined += folded.events
    verdicts.window.examined += opens.length
    verdicts.hints.examined += world.events.filter(
      (each) => each.user === user && isWithoutBus(world, each.received, each.received),
    ).length
    skipped(world, name, folded, opens, verdicts)
    compared(world, name, folded, opens, verdicts)
  }
  return Object.values(verdicts)
}

const isWithoutBus = (world: World, begin: number, end: number) => troubled(world, begin, end, /^(bus|redis)/)

/** A loss, and between which times the change that is missing was to be delivered. */
interface Loss {
  detail: string
  begin: number
  end: number
}

/** The promise that a loss breaks. */
function lose(world: World, verdicts: Verdicts, opens: number[], { detail, begin, end }: Loss): void {
  const [verdict, check] = isWithoutBus(world, begin, end)
    ? [verdicts.hints, 'lost-with-its-hint']
    : opens.some((open) => begin - recently < open && open < end + recently)
      ? [verdicts.window, 'lost-in-the-window']
      : [verdicts.resumed, 'lost-event']
  verdict.examine(check, detail, end)
}

/** A client reads what a stream leaves out, so a gap between two events is found here and not in the end. */
function skipped(world: World, name: string, { gaps }: FoldedDevice, opens: number[], verdicts: Verdicts) {
  const detailOf = ({ conversation, held, fromVersion }: Gap) =>
    `${name} held version ${held} of ${conversation} when changes after ${fromVersion} came`
  for (const gap of gaps)
    lose(world, verdicts, opens, { detail: detailOf(gap), begin: gap.since, end: gap.t })
}

function compared(world: World, name: string, { held }: FoldedDevice, opens: number[], verdicts: Verdicts) {
  const final = world.final.get(name.split(' ')[0] ?? '')
  for (const [conversation, log] of final ?? [])
    for (const expected of log) {
      const present = held.get(conversation)?.get(expected.id)
      const isLost = !present || present.version < expected.version
      verdicts.live.examine(
        'state-differs',
        !isLost &&
          present.text !== expected.text &&
          `${name} holds "${present.text}" of ${conversation} ${expected.seq}, not "${expected.text}"`,
      )
      if (!isLost) continue
      const detail = `${name} holds ${present ? `version ${present.version}` : 'nothing'} of ${conversation} ${expected.seq}, version ${expected.version}`
      const t = timeOf(world, expected)
      lose(world, verdicts, opens, { detail, begin: t, end: t })
    }
  for (const conversation of held.keys())
    verdicts.live.examine(
      'kept-conversation',
      !final?.has(conversation) && `${name} still holds ${conversation}`,
    )
}

/** When the change that is missing was acknowledged, or first seen. */
function timeOf({ sights }: World, { id, version }: Sight): number {
  const seen = sights.filter((each) => each.id === id && each.version >= version && each.via !== 'final')
  return Math.min(...seen.map(({ end }) => end))
}
