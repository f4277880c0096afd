import { createRequire } from 'node:module'
import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { relayTags } from './test/codegen/relay/tags.ts'
import { independentOfBackends } from './test/setup/run/backends.ts'
import SlowFilesFirst from './test/setup/run/slow-files-first.ts'

/** Files that start server processes or clusters of their own; the others run one server, or none. */
const severalProcesses = [
  'test/processes/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/start/**/*.test.ts',
  'test/commands/**/*.test.ts',
  'test/contract/run.test.ts',
  'test/notification/kill.test.ts',
  'test/webhook/kill.test.ts',
  'test/inbox/slow-readers-memory.test.ts',
]

// A project that extends this file would run the global setup once more.
export default defineConfig(({ mode }) => {
  // Not --exclude, which the list of a project replaces.
  const excluded = mode === 'backends' ? independentOfBackends : []
  return {
    test: {
      globalSetup: ['test/setup/global.ts'],
      reporters: ['default', './test/setup/run/slowest-files.ts', './test/setup/run/failures.ts'],
      // Servers of earlier files must be gone: a worker that cannot end is a leak.
      teardownTimeout: 20_000,
      sequence: { sequencer: SlowFilesFirst },
      // Projects and runs share what they transform.
      experimental: { fsModuleCache: true },
      projects: [
        project('fast', {
          include: ['test/**/*.test.ts'],
          exclude: [...severalProcesses, ...excluded],
          // Each worker imports and compiles the server anew, and three keep two processors busy.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        }),
        project('processes', {
          include: severalProcesses,
          exclude: excluded,
          // These tests wait more than they work.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        }),
      ],
    },
  }
})

function project(
  name: string,
  options: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration {
  return {
    plugins: [relayTags],
    // The runner would take graphql's other build, and a schema of one build is none to the other.
    resolve: {
      alias: [
        { find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') },
        // Packages are tested without being built.
        { find: /^@parlance\/(\w+)$/, replacement: join(import.meta.dirname, 'packages/$1/src/index.ts') },
        {
          find: '@parlance/client/wx',
          replacement: join(import.meta.dirname, 'packages/client/src/wx.ts'),
        },
        {
          find: /^@parlance\/(\w+)\/(\w+)$/,
          replacement: join(import.meta.dirname, 'packages/$1/src/$2/index.ts'),
        },
      ],
    },
    test: {
      name,
      ...options,
      pool: 'forks',
      execArgv: [
        // As in the image: fewer collections of garbage, a tenth of the processor time of the tests.
        '--max-semi-space-size=64',
        // Sixteen times the default. Most functions run too rarely in a test to repay their optimization.
        '--interrupt-budget=1081344',
      ],
      // Importing the server costs seconds, and the files of a worker share it. test/setup/run/leaks.ts keeps them apart.
      isolate: false,
      setupFiles: ['test/setup/run/leaks.ts', 'test/setup/run/every-hook.ts'],
      testTimeout: 30_000,
      hookTimeout: 60_000,
      // How soon something holds is the machine's affair; a test that means a time says which.
      expect: { poll: { timeout: 20_000, interval: 20 } },
    },
  }
}
