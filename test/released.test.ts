import { join } from 'node:path'
import { type GraphQLSchema, isEnumType, isInterfaceType, buildSchema as parseSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import { releaseFaults, releasesIn } from '../scripts/schema/releases.ts'
import type { systemEvents } from '../src/conversation/system-message.ts'
import { knows } from '../src/inbox/event/old-clients.ts'
import { eventSince } from '../src/message/content/fallback.ts'
import { kinds } from '../src/message/content/kinds/registry.ts'
import { auditActions } from '../src/moderation/actions.ts'
import { printPublished } from '../src/platform/graphql/errors/published.ts'
import { buildSchema } from '../src/schema.ts'
import { schemaVersion } from '../src/server-info/version.ts'

const folder = join(import.meta.dirname, '../docs/schema')
const present = buildSchema()

const releases = await releasesIn(folder)

/** Types that implement an interface, as `Interface Type`. */
const openTypes = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap())
    .filter(isInterfaceType)
    .flatMap((type) => schema.getImplementations(type).objects.map(({ name }) => `${type.name} ${name}`))

const enumValues = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap())
    .filter(isEnumType)
    .flatMap((type) => type.getValues().map(({ name }) => `${type.name} ${name}`))

/** The first schema version whose clients receive a type of an interface. */
function sinceOf(openType: string): number {
  const [of, name] = openType.split(' ')
  if (of === 'MessageContent') return Object.values(kinds).find((kind) => kind.typeName === name)?.since ?? 1
  if (of !== 'InboxEvent') return 1
  for (let version = 1; version <= schemaVersion; version += 1)
    if (knows(version, name as Parameters<typeof knows>[1])) return version
  return Number.POSITIVE_INFINITY
}

/** Whether clients of a version get text instead of an enum value, or no object that has it. */
function isReplaced(enumValue: string, version: number): boolean {
  const [name, value] = enumValue.split(' ')
  if (name === 'AuditAction') return auditActions[value as keyof typeof auditActions].since > version
  return name === 'SystemEvent' && eventSince(value as keyof typeof systemEvents) > version
}

/** Enums whose new values old clients do not receive, or only display. */
const harmless = /^(ErrorCode|MessageKind|PushProvider) /

test('the schema has only grown since each release, under a version of its own', () => {
  expect(releaseFaults(releases, schemaVersion, parseSchema(printPublished(present)))).toEqual([])
})

describe.each(releases)('a client of $file (schemaVersion $version)', ({ version, schema }) => {
  test('receives no new type of an interface that it knows', () => {
    const known = new Set(openTypes(schema))
    const added = openTypes(present).filter((type) => !known.has(type))
    const kept = added.filter((type) => schema.getType(type.split(' ')[0] as string))
    expect(kept.filter((type) => sinceOf(type) <= version)).toEqual([])
    expect(kept.filter((type) => sinceOf(type) > schemaVersion)).toEqual([])
  })

  test('receives no new value of an enum that it knows', () => {
    const known = new Set(enumValues(schema))
    const added = enumValues(present).filter((value) => !known.has(value))
    const met = added.filter(
      (value) =>
        schema.getType(value.split(' ')[0] as string) && !harmless.test(value) && !isReplaced(value, version),
    )
    expect(met).toEqual([])
  })
})
