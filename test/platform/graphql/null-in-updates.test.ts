import {
  type GraphQLField,
  type GraphQLInputField,
  getNamedType,
  isInputObjectType,
  isRequiredInputField,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { buildSchema } from '../../../src/schema.ts'
import { png } from '../../media/samples.ts'
import { uploadsReady } from '../../media/verbs.ts'
import { ask } from '../../server/wire.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()
const schema = buildSchema()

/** A value for each field of the update inputs, and where the value is read. */
const inputs: Record<string, { values: Record<string, unknown>; query: string }> = {
  UpdateProfileInput: {
    values: {
      displayName: 'Alice',
      bio: 'about me',
      avatarMediaId: 'image',
      email: 'alice@example.org',
      phone: '+4930123456',
    },
    query: '{ me { email phone user { displayName bio avatarMediaId: avatarUrl } } }',
  },
  UpdateGroupInput: {
    values: {
      name: 'house',
      description: 'ours',
      avatarMediaId: 'image',
      joinPolicy: 'OPEN',
      postingPolicy: 'ADMINS',
      historyVisibility: 'ALL',
      mentionAllPolicy: 'ADMINS',
      mutedAll: true,
      slowModeSeconds: 5,
    },
    query: `query ($id: ID!) { conversation(id: $id) { ... on GroupConversation { name description
      avatarMediaId: avatarUrl joinPolicy postingPolicy historyVisibility mentionAllPolicy
      mutedAll slowModeSeconds } } }`,
  },
  UpdateMembershipInput: {
    values: { pinned: true, doNotDisturb: true, hidden: true, nickname: 'Al', draft: 'unsent' },
    query:
      'query ($id: ID!) { conversation(id: $id) { membership { pinned doNotDisturb hidden nickname draft } } }',
  },
  UpdateNotificationSettingsInput: {
    values: {
      push: false,
      email: false,
      sms: true,
      showPreview: false,
      quietFrom: '22:00',
      quietTo: '07:00',
      timeZone: 'Europe/Berlin',
    },
    query: '{ me { notificationSettings { push email sms showPreview quietFrom quietTo timeZone } } }',
  },
}

/** Fields that are cleared together only. */
const together: Record<string, string[]> = { quietFrom: ['quietTo'], quietTo: ['quietFrom'] }

const isUpdate = (name: string) => /^Update\w+Input$/.test(name)

const updates = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap((mutation) => {
  const input = mutation.args.map(({ type }) => getNamedType(type)).find(({ name }) => isUpdate(name))
  return isInputObjectType(input) ? [{ name: input.name, mutation, input }] : []
})

/** The leaves of an answer by name. */
function leaves(value: unknown, found: Record<string, unknown> = {}): Record<string, unknown> {
  for (const [name, each] of Object.entries(value as object))
    if (typeof each === 'object' && each !== null) leaves(each, found)
    else found[name] = each
  return found
}

interface Mutation {
  name: string
  args: GraphQLField<unknown, unknown>['args']
}

const optional = (fields: Record<string, GraphQLInputField>) =>
  Object.values(fields).filter((field) => !isRequiredInputField(field))

test('every update input is in the table, with all fields that may be left out', () => {
  const inSchema = updates.flatMap(({ name, input }) =>
    optional(input.getFields()).map((field) => `${name}.${field.name}`),
  )
  const inTable = Object.entries(inputs).flatMap(([name, { values }]) =>
    Object.keys(values).map((field) => `${name}.${field}`),
  )
  expect(inTable.sort()).toEqual(inSchema.sort())
})

describe.each(updates)('$name', ({ name, mutation, input }) => {
  const { values, query } = inputs[name] ?? { values: {}, query: '' }

  async function arrange() {
    const alice = await world.person('alice')
    const { id } = await alice.creates('house', [])
    const image =
      'avatarMediaId' in values ? await uploadsReady(alice, { bytes: await png(), filename: 'a.png' }) : null
    const full = Object.fromEntries(
      Object.entries(values).map(([field, value]) => [field, value === 'image' ? image?.id : value]),
    )
    const state = async () => {
      const { body } = await ask(world.url, query, alice.credentials.accessToken, { id })
      expect(body.errors).toBeUndefined()
      return leaves(body.data)
    }
    const update = (changes: object) => changeWith(alice, mutation, id, changes)
    expect((await update(full)).errors).toBeUndefined()
    return { state, update }
  }

  async function changeWith(person: Person, { name: field, args }: Mutation, id: string, changes: object) {
    const ids = Object.keys(input.getFields()).filter((each) => /^(group|conversation)Id$/.test(each))
    const variables: Record<string, unknown> = Object.fromEntries(args.map((arg) => [arg.name, id]))
    variables.input = { ...Object.fromEntries(ids.map((each) => [each, id])), ...changes }
    const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
    const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
    const text = `mutation (${declared}) { ${field}(${given}) { __typename } }`
    return (await ask(world.url, text, person.credentials.accessToken, variables)).body
  }

  test('leaves fields that are not given, clears those that can be empty by null, and refuses null for others', async () => {
    const { state, update } = await arrange()
    let expected = await state()
    expect(Object.values(expected)).not.toContain(null)
    expect(await update({})).not.toHaveProperty('errors')
    expect(await state()).toEqual(expected)

    for (const { name: field, extensions } of optional(input.getFields())) {
      if (extensions.onNull === 'REFUSE') {
        const { errors } = await update({ [field]: null })
        expect(errors?.[0]?.extensions).toMatchObject({
          code: 'INVALID_INPUT',
          issues: [{ path: `input.${field}` }],
        })
      } else {
        expect(extensions.onNull).toBe('CLEAR')
        const cleared = Object.fromEntries([field, ...(together[field] ?? [])].map((each) => [each, null]))
        expect(await update(cleared)).not.toHaveProperty('errors')
        expected = { ...expected, ...cleared }
      }
      expect(await state()).toEqual(expected)
    }
  })
})

test('all fields that are null wrongly are listed at once', async () => {
  const alice = await world.person('alice')
  const { id } = await alice.creates('house', [])
  const { body } = await ask(
    world.url,
    `mutation { updateGroup(input: { groupId: "${id}", name: null, joinPolicy: null, mutedAll: false }) { __typename } }`,
    alice.credentials.accessToken,
  )
  expect(body.errors?.[0]?.extensions.issues).toEqual([
    { path: 'input.joinPolicy', message: 'must not be null; leave it out to keep the value' },
    { path: 'input.name', message: 'must not be null; leave it out to keep the value' },
  ])
})
