import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { signal } from '../../../packages/client/src/signal.ts'
import { acknowledger } from '../../../packages/client/src/sync/acknowledger.ts'
import type { Socket } from '../../../packages/client/src/transport/socket.ts'
import { createPresence } from '../../../packages/client/src/view/presence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a thousand events in a second are acknowledged at most once a second, the latest each time', async () => {
  const reported: string[] = []
  const { handled, stop } = acknowledger(async (cursor) => void reported.push(cursor))
  for (let count = 1; count <= 1_000; count += 1) {
    handled(String(count))
    await vi.advanceTimersByTimeAsync(1)
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(reported).toEqual(['1', '1000'])
  handled('1001')
  handled('1002')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(reported).toEqual(['1', '1000', '1001', '1002'])
  handled('1003')
  stop()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(reported).toHaveLength(4)
})

test('the presence of all users on screen is one subscription for each 200 of them, while they are on screen', async () => {
  const open = new Set<readonly string[]>()
  let next = (_: object) => {}
  const socket = {
    state: signal('open'),
    subscribe(
      _document: unknown,
      variables: () => { userIds: string[] },
      sink: { next(data: object): void },
    ) {
      const { userIds } = variables()
      open.add(userIds)
      next = sink.next
      return () => void open.delete(userIds)
    },
  } as unknown as Pick<Socket, 'subscribe'>
  const presence = createPresence(socket)
  const ids = Array.from({ length: 201 }, (_, index) => `user ${String(index).padStart(3, '0')}`)
  const seen = presence([ids[0] as string])
  const stops = [...ids.map((id) => presence([id]).subscribe(() => {})), seen.subscribe(() => {})]
  await vi.advanceTimersByTimeAsync(0)
  expect([...open].map(({ length }) => length)).toEqual([200, 1])
  next({ presence: { id: ids[0], presence: { status: 'ONLINE', lastSeenAt: null } } })
  expect(seen.get()).toEqual({ 'user 000': { status: 'ONLINE', lastSeenAt: null } })
  for (const stop of stops) stop()
  await vi.advanceTimersByTimeAsync(0)
  expect(open.size).toBe(0)
})
