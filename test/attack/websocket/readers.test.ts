import { expect, test } from 'vitest'
import { inDatabase } from '../../auth/verbs.ts'
import { Acknowledge } from '../../world/operations.ts'
import { useAttackedWorld } from '../aftermath.ts'

const world = useAttackedWorld()

test('a session keeps the positions of the 32 streams that acknowledged last', async () => {
  const alice = await world.person('alice')
  const cursor = await alice.syncCursor()
  for (let count = 0; count < 40; count += 1)
    await alice.do(Acknowledge, { cursor, streamId: `reader ${String(count).padStart(2, '0')}` })
  const rows = await inDatabase<{ stream_id: string }>(
    world,
    'select stream_id from acknowledgement order by stream_id',
  )
  expect(rows.map((row) => row.stream_id)).toEqual(
    Array.from({ length: 32 }, (_, index) => `reader ${String(index + 8).padStart(2, '0')}`),
  )
})
