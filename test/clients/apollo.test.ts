import { test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { apolloApp } from './apollo-app.ts'
import { chatThroughCuts } from './main-job.ts'

const world = useWorld()

test('Apollo Client shows what the server holds, after any number of cuts and without fetching again', () =>
  chatThroughCuts(world, apolloApp))
