import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import { Job } from 'kubernetes-models/batch/v1/Job'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Service } from 'kubernetes-models/v1/Service'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { secretSettings, settings } from '../../src/config.ts'
import { useWorld } from '../world/world.ts'
import { chart, hasHelm, helm } from './helm.ts'
import { unknownFields } from './unknown-fields.ts'

interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: { name: string; annotations?: Record<string, string> }
  spec: { [key: string]: unknown }
}

interface Container {
  image: string
  args: string[]
  env: { name: string; value: string }[]
  ports?: { name: string; containerPort: number }[]
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[]
  securityContext: object
  [probe: `${string}Probe`]: { httpGet: { path: string; port: string } }
}

interface PodSpec {
  containers: [Container]
  securityContext: object
  terminationGracePeriodSeconds: number
  volumes: { name: string; secret?: { items: { key: string; path: string }[] } }[]
}

const models = {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
} as const

/** The kinds that each set of values of deploy/helm/ci creates. */
const kindsOf: Record<string, string[]> = {
  all: [...Object.keys(models), 'PodMonitor'].sort(),
  pooled: ['Deployment', 'Job', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'],
  s3: ['Deployment', 'Job', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'],
  single: ['Deployment', 'Service'],
}

const valuesOf = (name: string) => join(chart, 'ci', `${name}-values.yaml`)

function rendered(name: string, ...sets: string[]): KubernetesObject[] {
  const { code, output, error } = helm('template', 'chat', chart, '-f', valuesOf(name), ...sets)
  if (code !== 0) throw new Error(error)
  return parseAllDocuments(output).map((document) => document.toJS() as KubernetesObject)
}

function podOf({ kind, spec }: KubernetesObject): PodSpec[] {
  if (kind !== 'Deployment' && kind !== 'Job') return []
  return [(spec as unknown as { template: { spec: PodSpec } }).template.spec]
}

function ofKind(objects: KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind)
  if (!found) throw new Error(`There is no ${kind}.`)
  return found
}

function validated(object: KubernetesObject): void {
  if (object.kind === 'PodMonitor') {
    // The schema is that of an operator; this is all that the chart uses of it.
    expect(object).toMatchObject({ apiVersion: 'monitoring.coreos.com/v1' })
    expect(Object.keys(object.spec).sort()).toEqual(['podMetricsEndpoints', 'selector'])
    return
  }
  expect(unknownFields(modelOf(object), { ...object })).toEqual([])
}

const modelOf = ({ kind }: KubernetesObject) =>
  models[kind as keyof typeof models] as new (
    data: object,
  ) => { validate(): void }

describe.skipIf(!hasHelm())('the Helm chart', () => {
  const world = useWorld({ METRICS_PORT: '0' })

  test('has a set of values for each of its uses', () => {
    const files = readdirSync(join(chart, 'ci')).sort()
    expect(files).toEqual(Object.keys(kindsOf).map((name) => `${name}-values.yaml`))
  })

  test.each(Object.keys(kindsOf))(
    'with the values %s passes helm lint and the schemas of Kubernetes',
    (name) => {
      const { code, output } = helm('lint', '--strict', chart, '-f', valuesOf(name))
      expect(code, output).toBe(0)
      const objects = rendered(name)
      expect(objects.map(({ kind }) => kind).sort()).toEqual(kindsOf[name])
      for (const object of objects) validated(object)
    },
  )

  test.each(Object.keys(kindsOf))(
    'with the values %s sets only settings that exist, and mounts each secret',
    (name) => {
      const known = new Set([...Object.keys(settings.shape), ...secretSettings.map((each) => `${each}_FILE`)])
      const pods = rendered(name).flatMap(podOf)
      expect(pods.length).toBeGreaterThan(0)
      for (const { containers, volumes } of pods) {
        const [{ env }] = containers
        expect(env.map((each) => each.name).filter((each) => !known.has(each))).toEqual([])
        expect(new Set(env.map((each) => each.name)).size).toBe(env.length)
        const files = env.filter((each) => each.name.endsWith('_FILE')).map(({ value }) => value)
        const mounted = volumes.flatMap(({ secret }) => secret?.items ?? [])
        expect(mounted.map(({ path }) => `/run/secrets/parlance/${path}`)).toEqual(files)
      }
    },
  )

  test('runs the entry point of the image without rights, and writes to mounted folders only', () => {
    const pods = rendered('all').flatMap(podOf)
    expect(pods.map(({ containers: [{ args }] }) => args)).toEqual([['serve'], ['migrate']])
    for (const { containers, securityContext } of pods) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 })
      expect(containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      const writable = containers[0].volumeMounts.filter(({ readOnly }) => !readOnly)
      expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp'])
    }
  })

  test('probes paths that a server answers, on ports on which it listens', async () => {
    const objects = rendered('all')
    const [pod] = podOf(ofKind(objects, 'Deployment')) as [PodSpec]
    const [server] = pod.containers
    const ports = new Map(server.ports?.map(({ name, containerPort }) => [name, String(containerPort)]))
    const set = (name: string) => server.env.find((each) => each.name === name)?.value
    expect([ports.get('http'), ports.get('metrics')]).toEqual([set('PORT'), set('METRICS_PORT')])
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const) {
      const { path, port } = server[probe]?.httpGet ?? {}
      expect(port).toBe('http')
      expect((await fetch(`${world.url}${path}`)).status, path).toBe(200)
    }
    const { podMetricsEndpoints } = ofKind(objects, 'PodMonitor').spec
    const [endpoint] = podMetricsEndpoints as [{ port: string; path: string }]
    expect(ports.has(endpoint.port)).toBe(true)
    const metrics = await fetch(new URL(endpoint.path, world.parts.Metrics))
    const [scaled] = ofKind(objects, 'HorizontalPodAutoscaler').spec.metrics as [
      { pods: { metric: { name: string } } },
    ]
    expect(await metrics.text()).toMatch(new RegExp(`^${scaled.pods.metric.name} `, 'm'))
    expect(pod.terminationGracePeriodSeconds).toBe(45)
  })

  test('migrates before an update, in a job that helm removes', () => {
    expect(ofKind(rendered('s3'), 'Job').metadata.annotations).toEqual({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    })
  })

  test.each([
    ['s3', 'secrets.settings={AUTH_SECRET,REDIS_URL}', 'DATABASE_URL: add it to secrets.settings'],
    ['s3', 'secrets.settings={AUTH_SECRET,DATABASE_URL}', 'REDIS_URL: required for more than one replica'],
    ['single', 'persistence.existingClaim=', 'S3_URL: set it, or persistence.existingClaim, for uploads'],
    ['s3', 'settings.AUTH_SECRET=x', 'AUTH_SECRET: set it in settings or in secrets.settings, not in both'],
    ['s3', 'shutdown.graceSeconds=44', 'shutdown.graceSeconds: at least'],
    ['s3', 'settings.PORT=80', "invalid propertyName 'PORT'"],
    ['s3', 'replica=2', "'replica' not allowed"],
    ['s3', 'replicas=0', 'minimum'],
  ])('with the values %s refuses %s', (name, set, message) => {
    const { code, error } = helm('template', 'chat', chart, '-f', valuesOf(name), '--set', set)
    expect(code).not.toBe(0)
    expect(error).toContain(message)
  })
})

test('a misspelt field of an object is found, at every depth, and a wrong type is refused', () => {
  const container = { name: 'server', image: 'parlance', livenesProbe: {}, env: [{ name: 'A', vlaue: 'x' }] }
  const labels = { app: 'chat' }
  const deployment = (spec: object, more: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'chat', labels },
    ...more,
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
      ...spec,
    },
  })
  expect(unknownFields(Deployment, deployment({ replica: 2 }, { sepc: {} }))).toEqual([
    'sepc',
    'spec.template.spec.containers.0.livenesProbe',
    'spec.template.spec.containers.0.env.0.vlaue',
    'spec.replica',
  ])
  expect(() => unknownFields(Deployment, deployment({ replicas: 'two' }))).toThrow()
})

test('the chart has the version of the server', () => {
  const { version } = JSON.parse(readFileSync(join(chart, '../../package.json'), 'utf8')) as {
    version: string
  }
  expect(readFileSync(join(chart, 'Chart.yaml'), 'utf8')).toContain(`appVersion: ${version}`)
})
