// npm test [-- vitest's own arguments]   prepares the clone and runs the tests.

import { prepare, prepareDocuments, runModule } from './prepare.mjs'

prepare()
prepareDocuments()
runModule('vitest/vitest.mjs', ['run', ...process.argv.slice(2)])
