import pg from 'pg'
import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'

// Without the override that all other tests use.
const world = useWorld({}, { passwordHashing: undefined })

test('passwords are hashed with Argon2id at the cost recommended by OWASP', async () => {
  const alice = await world.person('alice')
  await alice.onAnotherDevice()
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  const { rows } = await client.query('select password_hash as hash from "user" where id = $1', [alice.id])
  await client.end()
  expect(rows[0].hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
})
