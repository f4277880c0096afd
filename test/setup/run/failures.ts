import { relative } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule, TestSuite } from 'vitest/node'

type Failure = Partial<SerializedError> & {
  type?: string
  VITEST_TEST_PATH?: string
  VITEST_TEST_NAME?: string
}

/**
 * Repeats at the end what failed outside of a test: hooks, leaks, and errors that no code handled. They fail a run in
 * which every test passes, and are reported far above its counts.
 */
export default class Failures implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const lines = [...modules.flatMap(ofModule), ...unhandled.map(describeUnhandled)]
    if (lines.length > 0) process.stdout.write(`\nFailed outside of a test:\n${lines.join('\n')}\n`)
  }
}

function ofModule(module: TestModule): string[] {
  const suites = [module, ...module.children.allSuites()] as (TestModule | TestSuite)[]
  return suites.flatMap((suite) =>
    suite.errors().map((error) => `  ${module.relativeModuleId}: ${describe(error)}`),
  )
}

function describeUnhandled(error: Failure): string {
  const file = error.VITEST_TEST_PATH ? relative(process.cwd(), error.VITEST_TEST_PATH) : 'no test file'
  const test = error.VITEST_TEST_NAME ? `, in or after "${error.VITEST_TEST_NAME}"` : ''
  return `  ${file}${test}: ${error.type ?? 'Unhandled Error'}: ${describe(error)}`
}

function describe({ message, stack }: Failure): string {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const own = frames.filter((line) => !line.includes('node_modules') && !line.includes('node:'))
  return [message ?? stack ?? '', ...own.slice(0, 3)].join('\n    ').trimEnd()
}
