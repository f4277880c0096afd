// node .ci/count.mjs report.json:exit-status …
// Sums the test counts of vitest runs. A run fails without counts, with a skipped test, with a file that fails outside
// of its tests, or with an exit status that no failure explains.

import { readFileSync } from 'node:fs'

const totals = { passed: 0, failed: 0, skipped: 0 }
for (const [, path, status] of process.argv.slice(2).map((each) => each.match(/^(.*):(\d+)$/))) {
  const run = countsOf(path)
  const unexplained = run.failed === 0 && status !== '0'
  if (unexplained) console.log(`${path}: exit status ${status}, although no test and no file failed.`)
  totals.passed += run.passed
  totals.failed += run.failed + (unexplained ? 1 : 0)
  totals.skipped += run.skipped
}
if (totals.skipped > 0) console.log(`${totals.skipped} tests were skipped, and none may be.`)
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed + totals.skipped > 0 ? 1 : 0

function countsOf(path) {
  try {
    const run = JSON.parse(readFileSync(path, 'utf8'))
    const broken = run.testResults.filter(failsOutsideOfTests)
    for (const { name, message } of broken) console.log(`${name} failed outside of its tests: ${message}`)
    return {
      passed: run.numPassedTests,
      failed: run.numFailedTests + broken.length,
      skipped: run.numPendingTests + run.numTodoTests,
    }
  } catch {
    console.log(`${path}: no counts.`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function failsOutsideOfTests({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((one) => one.status !== 'failed')
}
