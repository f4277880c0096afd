import { beforeAll, type RunnerTestFile, type RunnerTestSuite, TestRunner } from 'vitest'

// The runner skips the remaining hooks after the first that fails. A server that such a hook would have closed disturbs
// the later files of the process, so every hook runs, and the failures are reported together.

// biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of fixtures from the first parameter.
beforeAll(({}, file) => keepAll(file as RunnerTestFile))

type Hook = (...args: never[]) => unknown

function keepAll(suite: RunnerTestSuite): void {
  const hooks = TestRunner.getSuiteHooks(suite) as unknown as Record<'afterAll' | 'afterEach', Hook[]>
  for (const name of ['afterAll', 'afterEach'] as const) {
    const all = hooks[name].splice(0).reverse()
    if (all.length > 0) hooks[name].push(...(all.length === 1 ? all : [inTurn(all)]))
  }
  for (const task of suite.tasks) if (task.type === 'suite') keepAll(task)
}

const inTurn =
  (hooks: Hook[]): Hook =>
  async (...args) => {
    const failures: unknown[] = []
    for (const hook of hooks)
      try {
        await hook(...args)
      } catch (error) {
        failures.push(error)
      }
    if (failures.length > 1) throw new AggregateError(failures, describe(failures))
    if (failures.length === 1) throw failures[0]
  }

const describe = (failures: unknown[]) =>
  failures.map((error) => (error instanceof Error ? error.message : String(error))).join('\n')
