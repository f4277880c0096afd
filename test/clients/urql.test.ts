import { test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { chatThroughCuts } from './main-job.ts'
import { urqlApp } from './urql-app.ts'

const world = useWorld()

test('urql with Graphcache shows what the server holds, after any number of cuts and without fetching again', () =>
  chatThroughCuts(world, urqlApp))
