// node scripts/web/check.mjs   checks the types of the web app and of the examples with Vue, unless they were checked with the same
// sources. vue-tsc runs inside a compiler that is JavaScript, which TypeScript 7 is not.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { webSources } from './build.mjs'

const require = createRequire(import.meta.url)
const record = join(import.meta.dirname, '../../.build/checked-web')
const sources = webSources(['examples/vue/src', 'examples/vue-urql/src', 'packages/urql/src'])

if (!existsSync(record) || readFileSync(record, 'utf8') !== sources) {
  process.argv.push('-p', 'scripts/web')
  process.on('exit', (code) => {
    if (code !== 0) return
    mkdirSync(join(record, '..'), { recursive: true })
    writeFileSync(record, sources)
  })
  require('vue-tsc').run(require.resolve('typescript-6/lib/tsc'))
}
