import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The runner would take graphql's other build, and a schema of one build is none to the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/global.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // How soon something holds is the machine's affair; a test that means a time says which.
    expect: { poll: { timeout: 20_000, interval: 20 } },
    // Servers of earlier files must be gone: a worker that cannot end is a leak.
    teardownTimeout: 20_000,
  },
})
