import { test } from 'vitest'
import { hasRedis, useFleet } from './fleet.ts'
import { killedBeforePublishing } from './kill-before-publish.ts'

const fleet = useFleet(2)

test.skipIf(!hasRedis)(
  'a message that a killed server committed and did not publish reaches every open stream of another server',
  () => killedBeforePublishing(fleet),
)
