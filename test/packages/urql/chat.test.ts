import { expect, test } from 'vitest'
import { chatThroughCuts } from '../../clients/main-job.ts'
import { useWorld } from '../../world/world.ts'
import { answersAnOvertakenQuery } from '../overtaken.ts'
import { urqlApp } from './app.ts'

const world = useWorld()
const ofLargeGroups = useWorld({ LIMIT_INLINE_GROUP_SIZE: '2' })

test('with @parlance/urql, the cache equals the server after any number of cuts', () =>
  chatThroughCuts(world, urqlApp))

test('with @parlance/urql, an answer that a newer event overtook does not undo the event', () =>
  answersAnOvertakenQuery(world, urqlApp))

test('the same holds for large groups, whose changes are pulled', async () => {
  const { received, requests } = await chatThroughCuts(ofLargeGroups, urqlApp)
  expect(received).toContain('ConversationSignal')
  expect(requests).toContain('PullChanges')
})
