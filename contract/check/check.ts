import type { Line } from '../history.ts'
import { fences, noOracle } from './members.ts'
import { readYourWrites } from './own-writes.ts'
import { editsInOrder, recalled } from './recalls.ts'
import {
  availability,
  exactlyOnce,
  failedIsAbsent,
  noHoles,
  noneLost,
  realTimeOrder,
  timesInOrder,
} from './sends.ts'
import { refreshedOnce, revokedEverywhere } from './sessions.ts'
import { bounded, drained, readPositions, unreadCounts } from './state.ts'
import { complete } from './streams.ts'
import type { Finding } from './verdict.ts'
import { type World, worldOf } from './world.ts'

const checks: ((world: World) => Finding | Finding[])[] = [
  noneLost,
  exactlyOnce,
  noHoles,
  realTimeOrder,
  failedIsAbsent,
  timesInOrder,
  complete,
  readYourWrites,
  fences,
  noOracle,
  readPositions,
  unreadCounts,
  recalled,
  editsInOrder,
  refreshedOnce,
  revokedEverywhere,
  availability,
  bounded,
  drained,
]

/** The verdict on each promise that a history says something about, in the order of their numbers. */
export function check(lines: Line[]): Finding[] {
  const world = worldOf(lines)
  return checks
    .flatMap((each) => each(world))
    .sort((a, b) => Number(a.promise.slice(1)) - Number(b.promise.slice(1)))
}
