import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { chatThroughCuts } from './main-job.ts'
import { urqlApp } from './urql-app.ts'

const world = useWorld()
const ofLargeGroups = useWorld({ LIMIT_INLINE_GROUP_SIZE: '2' })

test('urql with Graphcache holds the state of the server after any number of cuts, without fetching again', () =>
  chatThroughCuts(world, urqlApp))

test('the same holds for large groups, for which the stream delivers only versions', async () => {
  const { received, requests } = await chatThroughCuts(ofLargeGroups, urqlApp)
  expect(received).toContain('ConversationSignal')
  expect(requests).toContain('PullChanges')
})
