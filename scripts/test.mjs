// npm test, test:fast, test:watch [-- paths and vitest's own arguments]   prepares the clone and runs the tests.

import { prepare, prepareDocuments, runModule } from './prepare.mjs'

prepare()
prepareDocuments()
// Its watch mode takes keys.
runModule('vitest/vitest.mjs', process.argv.slice(2), { stdin: 'inherit' })
