import { expect, test } from 'vitest'
import { type Example, examples } from '../../scripts/reference/examples.ts'
import { renderReference } from '../../scripts/reference/render.ts'
import { buildSchema } from '../../src/schema.ts'
import { ask } from '../server/wire.ts'
import { useWorld } from '../world/world.ts'
import { filesIn, read } from './documents.ts'

const world = useWorld()

test('docs/reference has every operation and type as the schema describes it', () => {
  const pages = [...renderReference(buildSchema())].map(([file, text]) => [`docs/reference/${file}`, text])
  const committed = filesIn('docs/reference').map((path) => [path, read(path)])
  expect(Object.fromEntries(committed), 'run npm run codegen').toEqual(Object.fromEntries(pages))
})

test('every example of the reference runs', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  await alice.befriends(bob)
  const { id: conversationId } = await alice.opens(bob)
  const { id: messageId } = await alice.sends(conversationId, 'Lunch?')
  const values: Record<string, string> = {
    CONVERSATION_ID: conversationId,
    MESSAGE_ID: messageId,
    USER_ID: carol.id,
  }
  const filled = ({ variables }: Example) =>
    JSON.parse(JSON.stringify(variables).replace(/\b[A-Z]+_ID\b/g, (name) => values[name] ?? '')) as object
  const failed = []
  for (const example of examples) {
    const token = example.anonymous ? undefined : alice.credentials.accessToken
    const body = example.operation.startsWith('subscription')
      ? (
          await alice
            .socket()
            .iterate({ query: example.operation, variables: { ...filled(example) } })
            .next()
        ).value
      : (await ask(world.url, example.operation, token, filled(example))).body
    if (body?.errors || !body?.data?.[example.field]) failed.push([example.field, body])
  }
  expect(failed).toEqual([])
})
