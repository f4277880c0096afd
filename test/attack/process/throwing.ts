import { createLogger } from '../../../src/platform/logger.ts'
import { guardProcess } from '../../../src/platform/process-guard.ts'

// A process in which code throws that nothing catches; guard.test.ts runs it.

guardProcess(createLogger({ logLevel: 'error' }))
setTimeout(() => {
  throw new Error('thrown in a callback')
})
void Promise.reject(new Error('rejected without a handler'))
setTimeout(() => process.exit(42), 50)
