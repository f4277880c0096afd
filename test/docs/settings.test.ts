import { expect, test } from 'vitest'
import { withSettingsTables } from '../../scripts/settings-tables.ts'
import { readConfig, settings } from '../../src/config.ts'
import { documents, read } from './documents.ts'

test('docs/configuration.md has every setting with its default, bounds and meaning', () => {
  const committed = read('docs/configuration.md')
  expect(withSettingsTables(committed), 'run npm run codegen').toBe(committed)
})

const unit: Record<string, number> = { ms: 1, seconds: 1e3, minutes: 6e4, hours: 36e5, days: 864e5 }
const size: Record<string, number> = { bytes: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 }

/** What a default is in the unit of its name: 2 minutes of LIMIT_RECALL_WINDOW_SECONDS are 120. */
function inUnitOf(name: string, value: number, given: string | undefined): number {
  if (given === undefined || given === '%') return value
  const own = Object.keys(unit).find((one) => new RegExp(`${one}$`, 'i').test(name))
  const stated = given.toLowerCase().replace(/^(second|minute|hour|day)$/, '$1s')
  return stated in size
    ? value * (size[stated] as number)
    : (value * (unit[stated] as number)) / (unit[own ?? ''] as number)
}

const stated =
  /`(LIMIT_\w+|serverInfo\.limits\.\w+)` \(([\d,.]+) ?(ms|seconds?|minutes?|hours?|days?|bytes|KiB|MiB|GiB|%)?\)/g

test('a default that the documentation states beside a limit is the one of the configuration', () => {
  const { limits } = readConfig({})
  const defaults = new Map<string, unknown>(
    Object.entries(settings.shape).map(([name, setting]) => [name, setting.safeParse(undefined).data]),
  )
  for (const [name, value] of Object.entries(limits)) defaults.set(`serverInfo.limits.${name}`, value)
  const statements = documents.flatMap(({ path, prose }) =>
    [...prose.matchAll(stated)].map(([text, name = '', value = '', given]) => ({
      text: `${path}: ${text}`,
      is: inUnitOf(name, Number(value.replaceAll(',', '')), given),
      must: defaults.get(name),
    })),
  )
  expect(statements.length).toBeGreaterThan(10)
  expect(statements.filter(({ is, must }) => is !== must)).toEqual([])
})
