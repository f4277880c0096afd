import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { apolloApp } from './apollo-app.ts'
import { chatThroughCuts } from './main-job.ts'

const world = useWorld()
const ofLargeGroups = useWorld({ LIMIT_DIRECT_GROUP_SIZE: '2' })

test('Apollo Client shows what the server holds, after any number of cuts and without fetching again', () =>
  chatThroughCuts(world, apolloApp))

test('of large groups, too, of which it is told only how far they have come', async () => {
  const { told, requests } = await chatThroughCuts(ofLargeGroups, apolloApp)
  expect(told).toContain('ConversationSignal')
  expect(requests).toContain('PullChanges')
})
