import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'

const folder = join(import.meta.dirname, '../../deploy')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const promtool = (...args: string[]) =>
  spawnSync('promtool', args, { cwd: join(folder, 'prometheus'), encoding: 'utf8' })

const world = useWorld({
  METRICS_PORT: '0',
  TRACES_ENDPOINT: 'http://127.0.0.1:1',
  TRACES_RATIO: '0',
  WEBHOOK_URL: 'http://127.0.0.1:1',
  WEBHOOK_SECRET: 's'.repeat(32),
  MESSAGE_HOOK_URL: 'http://127.0.0.1:1',
  PUSH_GATEWAY_URL: 'http://127.0.0.1:1',
  PUSH_GATEWAY_SECRET: 's'.repeat(32),
})

test('every metric that an alert or a dashboard names exists', async () => {
  const text = await (await fetch(world.parts.Metrics ?? '')).text()
  const known = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name))
  const sources = [
    'prometheus/alerts.yml',
    'grafana/dashboards/parlance.json',
    'grafana/dashboards/requests.json',
  ]
    .map(read)
    .join()
  const named = new Set(sources.match(/\b(parlance|nodejs|process)_\w+/g))
  const unknown = [...named].filter(
    (name) => !known.has(name) && !known.has(name.replace(/_(bucket|count|sum)$/, '')),
  )
  expect(named.size).toBeGreaterThan(25)
  expect(unknown).toEqual([])
})

test.skipIf(promtool('--version').status !== 0)(
  'promtool accepts the alerts, and each fires in its case',
  () => {
    for (const args of [
      ['check', 'rules', 'alerts.yml'],
      ['test', 'rules', 'alerts.test.yml'],
    ]) {
      const { status, stdout, stderr } = promtool(...args)
      expect(status, stdout + stderr).toBe(0)
    }
    const names = [...read('prometheus/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name)
    const cases = [...read('prometheus/alerts.test.yml').matchAll(/- alertname: (\w+)/g)].map(
      ([, name]) => name,
    )
    expect(cases).toEqual(names)
  },
)
