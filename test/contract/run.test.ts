import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, inject, test } from 'vitest'
import { check } from '../../contract/check/check.ts'
import { documents } from '../../contract/client/documents.ts'
import { Recorder } from '../../contract/history.ts'
import { givenPostgres } from '../../contract/rig/postgres.ts'
import { openRig } from '../../contract/rig/rig.ts'
import { run } from '../../contract/run.ts'
import { hasRedis } from '../processes/fleet.ts'
import { createTestDatabase } from '../setup/database.ts'

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'))

test.each(Object.entries(documents))('the %s document of the contract is valid', (_, document) => {
  expect(validate(schema, parse(document))).toEqual([])
})

/** Promises about which even a short run with these faults says something. */
const examined = 'P1 P2 P4 P5 P7 P8 P9 P12 P13 P17 P18 P19 P26 P28'.split(' ')

describe.skipIf(!hasRedis)('a short run of the contract', () => {
  test('finds no anomaly while servers are killed, stopped and ended', { timeout: 120_000 }, async () => {
    const database = await createTestDatabase()
    const recorder = new Recorder(null)
    const rig = await openRig({
      program: inject('serverProgram'),
      servers: 2,
      postgres: givenPostgres(database.url),
    })
    try {
      const faults = ['kill', 'stop', 'term']
      await run(rig, recorder, { ms: 5_000, seed: 14, faults, writers: 3, settleMs: 30_000 })
    } finally {
      await rig.stop()
      await database.drop()
    }
    const findings = check(recorder.lines)
    expect(
      findings.flatMap(({ promise, anomalies }) => anomalies.map((each) => ({ promise, ...each }))),
    ).toEqual([])
    const silent = findings.filter((each) => each.examined === 0).map(({ promise }) => promise)
    expect(silent.filter((promise) => examined.includes(promise))).toEqual([])
  })
})
