import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, type ConstDirectiveNode, isInterfaceType, isObjectType, Kind } from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { errorPages } from '../../../../scripts/reference/errors/render.ts'
import { attempts } from '../../../attack/every-mutation.ts'
import { useModeratedWorld } from '../../../moderation/verbs.ts'
import { perform } from './perform.ts'
import { accountScenes } from './scenes/accounts.ts'
import { groupScenes } from './scenes/groups.ts'
import { messageScenes } from './scenes/messages.ts'
import { peopleScenes } from './scenes/people.ts'
import { queryScenes } from './scenes/queries.ts'
import { arrange, type Scene, type Scenes, type Stage, smallLimits } from './stage.ts'

const { world, molly } = useModeratedWorld({
  ...smallLimits,
  DIRECT_MESSAGES_FROM: 'friends',
  // A port on which nothing listens.
  MEILI_URL: 'http://127.0.0.1:9',
})

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../../../schema.graphql'), 'utf8'))

const codesIn = (directives: readonly ConstDirectiveNode[] = []) =>
  directives
    .filter(({ name }) => name.value === 'errors')
    .flatMap(({ arguments: [codes] = [] }) => (codes?.value.kind === Kind.LIST ? codes.value.values : []))
    .map((code) => (code.kind === Kind.ENUM ? code.value : ''))

/** Such as `Mutation.sendMessage NOT_FOUND`. */
const declared = Object.values(schema.getTypeMap()).flatMap((type) =>
  isObjectType(type)
    ? Object.values(type.getFields()).flatMap((field) =>
        codesIn(field.astNode?.directives).map((code) => `${type.name}.${field.name} ${code}`),
      )
    : [],
)

const scenes = new Map<string, Scene>()

function add(prefix: string, given: Scenes) {
  for (const [name, byCode] of Object.entries(given))
    for (const [code, scene] of Object.entries(byCode))
      if (scene) scenes.set(`${prefix}${name} ${code}`, scene)
}

// What a stranger may not do is already in the table of attempts.
for (const [name, { call, code }] of Object.entries(attempts))
  if (code)
    scenes.set(`Mutation.${name} ${code}`, ({ mallory, targets }) => ({
      as: mallory,
      text: `mutation { ${name}${call(targets)} }`,
    }))
for (const given of [accountScenes, groupScenes, messageScenes, peopleScenes]) add('Mutation.', given)
add('', queryScenes)

test('every error that the schema declares for a field has a scene, and no other', () => {
  expect([...scenes.keys()].sort()).toEqual(declared.sort())
})

test('the fields of an interface declare what those of its types declare', () => {
  const own = (name: string) => declared.filter((pair) => pair.startsWith(`${name}.`))
  for (const type of Object.values(schema.getTypeMap()).filter(isInterfaceType))
    for (const field of Object.values(type.getFields()))
      for (const code of codesIn(field.astNode?.directives))
        for (const { name } of schema.getPossibleTypes(type))
          expect(own(name)).toContain(`${name}.${field.name} ${code}`)
})

let stage: Stage
beforeAll(async () => {
  stage = await arrange(world, molly())
})

/** The messages of all errors that the scenes provoke, with their codes. */
const given = new Set<string>()

test.each([...scenes.keys()])('%s is given', async (pair) => {
  const [field = '', code] = pair.split(' ')
  const name = field.slice(field.indexOf('.') + 1)
  const call = await (scenes.get(pair) as Scene)(stage)
  const errors = await world.withSettings(call.settings ?? {}, async () => {
    let result: Awaited<ReturnType<typeof perform>> = []
    const run = async () => {
      result = await perform(world, name, call)
    }
    await (call.meanwhile ? call.meanwhile(run) : run())
    return result
  })
  for (const { message, extensions } of errors) given.add(`${extensions.code} ${message}`)
  expect(errors.map(({ extensions }) => extensions.code)).toContain(code)
  const error = errors.find(({ extensions }) => extensions.code === code)
  // An alias stands for its field.
  if (!call.socket) expect(String(error?.path?.at(-1)).replace(/^a\d$/, name)).toBe(name)
})

test('the message of the example in docs/errors is one that a field gave', () => {
  const examples = Object.entries(errorPages)
    .filter(([, { from }]) => !from)
    .map(([code, { example }]) => `${code} ${example.message}`)
  expect(examples.filter((example) => !given.has(example))).toEqual([])
})
