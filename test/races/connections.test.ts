import { expect, test } from 'vitest'
import { suspends, useModeratedWorld } from '../moderation/verbs.ts'

// A transaction that waited for a second connection would wait for one that another such transaction holds.
const { world, molly } = useModeratedWorld({ DATABASE_POOL_SIZE: '4' })
const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']

test('more groups than there are connections are created at once', async () => {
  const people = await world.people(...names)
  const groups = await Promise.all(
    people.map((person, index) => person.creates('group', people.slice(index + 1, index + 2))),
  )
  expect(groups).toHaveLength(people.length)
})

test('more users than there are connections are suspended at once', async () => {
  const people = await world.people(...names)
  await Promise.all(people.map((person) => suspends(molly(), person)))
})
