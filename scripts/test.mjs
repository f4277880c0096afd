// npm test [-- vitest's own arguments]   prepares the clone and runs the tests.

import { prepare, runModule } from './prepare.mjs'

prepare()
runModule('vitest/vitest.mjs', ['run', ...process.argv.slice(2)])
