import { describe, expect, test } from 'vitest'
import {
  deliveryModeAt,
  groupSendRefusal,
  joinOutcome,
  rankRefusal,
  slowModeRefusal,
} from '../../src/group/policy.ts'
import type { GroupRole } from '../../src/platform/db/generated/enums.ts'

const now = new Date('2026-11-28T12:00:00.000Z')
const at = (ms: number) => new Date(now.getTime() + ms)

// Every combination, because the tests through the API cover only some.
describe('joinOutcome', () => {
  test.each([
    ['OPEN', { invited: false, removed: false }, 'JOIN'],
    ['OPEN', { invited: false, removed: true }, null],
    ['OPEN', { invited: true, removed: false }, 'JOIN'],
    ['OPEN', { invited: true, removed: true }, 'JOIN'],
    ['APPROVAL', { invited: false, removed: false }, 'ASK'],
    ['APPROVAL', { invited: false, removed: true }, null],
    ['APPROVAL', { invited: true, removed: false }, 'JOIN'],
    ['APPROVAL', { invited: true, removed: true }, 'JOIN'],
    ['INVITE_ONLY', { invited: false, removed: false }, null],
    ['INVITE_ONLY', { invited: false, removed: true }, null],
    ['INVITE_ONLY', { invited: true, removed: false }, 'JOIN'],
    ['INVITE_ONLY', { invited: true, removed: true }, 'JOIN'],
  ] as const)('of %s with %o is %s', (joinPolicy, user, outcome) => {
    expect(joinOutcome(joinPolicy, user)).toBe(outcome)
  })
})

describe('rankRefusal', () => {
  const roles: GroupRole[] = ['OWNER', 'ADMIN', 'MEMBER']
  const allowed = (actor: GroupRole | null) => roles.filter((subject) => rankRefusal(actor, subject) === null)

  test.each([
    ['OWNER', roles],
    ['ADMIN', ['MEMBER']],
    ['MEMBER', []],
    [null, []],
  ] as const)('allows %s to act on %o', (actor, subjects) => {
    expect(allowed(actor)).toEqual(subjects)
  })
})

describe('groupSendRefusal', () => {
  const open = { mutedUntil: null, postingPolicy: 'EVERYONE', mutedAll: false, now } as const
  const codeOf = (role: GroupRole, facts: Partial<Parameters<typeof groupSendRefusal>[0]>) =>
    groupSendRefusal({ role, ...open, ...facts })?.code ?? null

  test.each(['OWNER', 'ADMIN', 'MEMBER'] as const)('applies a mute to %s until its end', (role) => {
    expect(codeOf(role, { mutedUntil: at(1) })).toBe('MUTED')
    expect(codeOf(role, { mutedUntil: at(0) })).toBeNull()
  })

  test.each([
    ['OWNER', null, null],
    ['ADMIN', null, null],
    ['MEMBER', 'MUTED', 'FORBIDDEN'],
  ] as const)('of a muted group, or one where admins post, for %s is %s and %s', (role, muted, posting) => {
    expect(codeOf(role, {})).toBeNull()
    expect(codeOf(role, { mutedAll: true })).toBe(muted)
    expect(codeOf(role, { postingPolicy: 'ADMINS' })).toBe(posting)
  })
})

test('slowModeRefusal ends after slowModeSeconds, to the millisecond, and is for members only', () => {
  const waits = (role: GroupRole, lastSentAt: Date | null, slowModeSeconds = 10) =>
    slowModeRefusal({ role, slowModeSeconds, lastSentAt, now }) !== null
  expect(waits('MEMBER', at(-9_999))).toBe(true)
  expect(waits('MEMBER', at(-10_000))).toBe(false)
  expect(waits('MEMBER', null)).toBe(false)
  expect(waits('MEMBER', at(0), 0)).toBe(false)
  expect([waits('ADMIN', at(0)), waits('OWNER', at(0))]).toEqual([false, false])
})

test.each([
  // Above a limit, and back at 90 % of it.
  ['INLINE', 20, 'INLINE'],
  ['INLINE', 21, 'BROADCAST'],
  ['BROADCAST', 19, 'BROADCAST'],
  ['BROADCAST', 18, 'INLINE'],
  ['BROADCAST', 100, 'BROADCAST'],
  ['BROADCAST', 101, 'SIGNAL'],
  ['SIGNAL', 91, 'SIGNAL'],
  ['SIGNAL', 90, 'BROADCAST'],
  // A call may add or remove many members.
  ['INLINE', 101, 'SIGNAL'],
  ['SIGNAL', 19, 'BROADCAST'],
  ['SIGNAL', 18, 'INLINE'],
] as const)('a group with mode %s and %i members gets mode %s', (current, members, mode) => {
  expect(deliveryModeAt(members, { immediateGroupSize: 20, inlineGroupSize: 100 }, current)).toBe(mode)
})

test('with no immediate delivery, the smallest group is broadcast', () => {
  expect(deliveryModeAt(1, { immediateGroupSize: 0, inlineGroupSize: 100 }, 'INLINE')).toBe('BROADCAST')
})
