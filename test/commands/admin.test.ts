import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { kinds, omitted } from '../../src/commands/admin/export/kinds.ts'
import { answer, inDatabase, logsIn } from '../auth/verbs.ts'
import { uploadsReady } from '../media/verbs.ts'
import { auditOf, isModerator, suspends } from '../moderation/verbs.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { refusal, refusalOf } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { type Person, passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { administers } from './in-process.ts'
import { parlance } from './run.ts'
import { env, type Place } from './stage.ts'

// Without Redis the server holds the database for itself, and commands work beside it nevertheless.
const moderator = 'molly.c'
const world = useWorld({ REDIS_URL: '', ADMIN_HANDLES: moderator })
let molly: Person
beforeAll(async () => {
  molly = await world.person('molly')
})

const place = (): Place =>
  env({ DATABASE_URL: world.databaseUrl, DATA_DIR: world.dataDir, ADMIN_HANDLES: moderator })
const run = (...args: string[]) => administers(args, place())
const signsIn = ({ handle }: Person, password = passwordOf(handle)) => logsIn(world.url, { handle, password })

describe('parlance admin', { timeout: 60_000 }, () => {
  test('password gives a new one, ends sessions and names the operator in the audit trail', async () => {
    const alice = await world.person('alice')
    const done = await run('password', alice.handle, '--reason', 'forgot it')
    expect(done).toMatchObject({ user: { id: alice.id, handle: alice.handle } })
    await eventually(async () => expect(await answer(alice)).toBe('UNAUTHENTICATED'))
    expect(await refusal(signsIn(alice))).toBe('BAD_CREDENTIALS')
    expect((await signsIn(alice, String(done.password))).user.id).toBe(alice.id)
    expect(await auditOf(molly, alice)).toMatchObject([
      { actor: null, action: 'PASSWORD_SET', detail: { operator: expect.any(String), reason: 'forgot it' } },
    ])
  })

  test('refuses unknown users, missing reasons and numbers out of range, and explains each command', async () => {
    const help = await parlance(['admin', 'grant', '--help'], {})
    expect(help.stdout).toContain('Usage: parlance admin grant PERSON [--reason TEXT] [--json]')
    await expect(run('delete', 'x')).rejects.toThrow('--reason TEXT is missing. Usage: parlance admin delete')
    for (const last of ['0', '101', 'x'])
      await expect(run('conversation', 'x', '--reason', 'r', '--last', last)).rejects.toThrow(
        `--last ${last}: a whole number from 1 to 100.`,
      )
    await expect(run('grant', 'unknown')).rejects.toThrow('There is no user with the handle or id unknown.')
  })

  test('end-sessions closes sockets, and suspend and restore act on moderators only after revoke', async () => {
    const bob = await world.person('bob')
    const inbox = await bob.listens()
    await run('end-sessions', bob.id)
    expect((await inbox.sees('SessionEnded')).endReason).toBe('REVOKED')
    await run('suspend', bob.handle, '--reason', 'Watches.', '--until', '2999-01-01T00:00:00Z')
    expect((await refusalOf(signsIn(bob))).extensions).toMatchObject({
      code: 'SUSPENDED',
      suspensionReason: 'Watches.',
    })
    await run('restore', bob.handle)
    expect((await signsIn(bob)).user.id).toBe(bob.id)
    await expect(run('suspend', molly.handle, '--reason', 'x')).rejects.toThrow('A moderator cannot be')
    expect((await auditOf(molly, bob)).map(({ action }) => action)).toEqual([
      'USER_RESTORED',
      'USER_SUSPENDED',
      'SESSIONS_ENDED',
    ])
  })

  test('grant and revoke make and dismiss moderators without a restart', async () => {
    const [carol, dave] = await world.people('carol', 'dave')
    expect(await refusal(suspends(carol, dave))).toBe('FORBIDDEN')
    expect(await run('grant', carol.handle)).toMatchObject({ changed: true })
    expect(await run('grant', carol.handle)).toMatchObject({ changed: false })
    expect(await isModerator(carol)).toBe(true)
    await suspends(carol, dave)
    expect((await run('moderators')).moderators).toMatchObject([
      { handle: carol.handle, by: 'command' },
      { handle: molly.handle, by: 'settings' },
    ])
    expect(await run('revoke', carol.handle)).toMatchObject({ changed: true })
    expect(await refusal(suspends(carol, dave))).toBe('FORBIDDEN')
    await expect(run('revoke', molly.handle)).rejects.toThrow('is in ADMIN_HANDLES')
  })

  test('conversation shows messages, also recalled ones without their text, and records the range', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    for (const text of ['one', 'two', 'three']) await alice.sends(id, text)
    const { messages, conversation } = await run('conversation', id, '--reason', 'a report', '--last', '2')
    expect(messages).toMatchObject([{ text: 'two', sender: 'alice' }, { text: 'three' }])
    expect(conversation).toMatchObject({ kind: 'DIRECT', members: [{}, {}] })
    const [entry] = await auditOf(molly, { id })
    expect(entry).toMatchObject({ action: 'CONVERSATION_INSPECTED', detail: { reason: 'a report' } })
    await expect(run('conversation', 'none', '--reason', 'r')).rejects.toThrow(
      'There is no such conversation.',
    )
  })

  test('export writes what is stored about a person, and delete removes the account', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await alice.sends(id, 'from alice')
    await bob.sends(id, 'from bob')
    const bytes = Buffer.from('Minutes')
    await uploadsReady(alice, { bytes, filename: 'minutes.txt', mimeType: 'text/plain' })
    const folder = join(await temporaryFolder(), 'export')
    expect(await run('export', alice.handle, folder, '--reason', 'asked for it')).toMatchObject({
      rows: { messages: 1, friends: 1, sessions: 1 },
      media: { objects: 1, missing: 0 },
    })
    const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl'))
    expect(files.sort()).toEqual(
      Object.keys(kinds)
        .map((kind) => `${kind}.jsonl`)
        .sort(),
    )
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
    const all = texts.join('')
    expect(all).toContain('from alice')
    for (const hidden of ['from bob', 'argon2', 'token_hash']) expect(all).not.toContain(hidden)
    await expect(run('export', alice.handle, folder, '--reason', 'again')).rejects.toThrow('is not empty')

    await run('delete', alice.handle, '--reason', 'asked for it')
    await expect(run('delete', alice.id, '--reason', 'again')).rejects.toThrow(/was deleted at/)
    expect(await refusal(signsIn(alice))).toBe('BAD_CREDENTIALS')
    expect((await auditOf(molly, alice)).map(({ action }) => action)).toEqual([
      'USER_DELETED',
      'USER_EXPORTED',
    ])
  })

  test('every table with rows of a user is exported or named as omitted', async () => {
    const found = await inDatabase<{ name: string }>(
      world,
      `select distinct table_name as name from information_schema.columns
       where table_schema = 'public' and (column_name like '%user_id' or column_name in
         ('sender_id', 'owner_id', 'reporter_id', 'author_id', 'inviter_id', 'friend_id', 'from_id', 'to_id', 'blocker_id',
          'actor_id', 'pinned_by_id', 'handle'))`,
    )
    const known = [...Object.values(kinds).flatMap(({ tables }) => tables), ...omitted]
    const groupsOwn = ['group_conversation']
    expect(found.map(({ name }) => name).filter((name) => ![...known, ...groupsOwn].includes(name))).toEqual(
      [],
    )
  })

  test('jobs lists those that failed finally, and runs them again', async () => {
    const add = `select graphile_worker.add_job('noSuchTask', '{}'::json, run_at := now() + interval '1 day', job_key := $1)`
    for (const key of ['a', 'b']) await inDatabase(world, add, [key])
    await inDatabase(
      world,
      `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'broken' where key in ('a', 'b')`,
    )
    const { jobs } = (await run('jobs')) as { jobs: { id: string }[] }
    expect(jobs).toMatchObject([{ task: 'noSuchTask', lastError: 'broken' }, { task: 'noSuchTask' }])
    expect(await run('jobs', '--retry', '--id', jobs[0]?.id ?? '')).toEqual({ retried: 1 })
    expect(await run('jobs', '--retry')).toEqual({ retried: 1 })
    expect(await run('jobs')).toEqual({ jobs: [] })
    await inDatabase(world, `delete from graphile_worker._private_jobs where key in ('a', 'b')`)
  })

  test('retry-push sends one failed notification for all of a conversation, and waiting ones at once', async () => {
    const alice = await world.person('alice')
    await inDatabase(
      world,
      `insert into push_device (id, user_id, session_id, provider, token, token_hash, locale)
       select 'phone', user_id, id, 'WEBHOOK', 'token', 'hash', 'en' from session where user_id = $1`,
      [alice.id],
    )
    const attempt = (
      id: string,
      conversation: string,
      seqs: [number, number],
      status: string,
      minutesAgo = 1,
    ) =>
      inDatabase(
        world,
        `insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status,
                                   tries, at, due_at)
         select $1, 'phone', user_id, 'WEBHOOK', 'MESSAGE', $2, $3, $4, $5, 3,
                now() - make_interval(mins => $6), now() + interval '1 hour'
         from push_device where id = 'phone'`,
        [id, conversation, ...seqs, status, minutesAgo],
      )
    await attempt('earlier', 'talk', [1, 2], 'FAILED', 5)
    await attempt('newest', 'talk', [3, 4], 'FAILED')
    await attempt('too old', 'news', [1, 1], 'FAILED', 61)
    await attempt('replaced', 'chess', [1, 1], 'FAILED')
    await attempt('waiting', 'chess', [2, 2], 'QUEUED')

    expect(await run('retry-push')).toEqual({ failed: 1, waiting: 1 })
    const queued = await inDatabase<{ id: string }>(
      world,
      `select id, from_seq as "from", to_seq as "to", due_at <= clock_timestamp() as due from push_attempt
       where status = 'QUEUED' order by id`,
    )
    expect(queued).toEqual([
      { id: 'newest', from: 1, to: 4, due: true },
      { id: 'waiting', from: 2, to: 2, due: true },
    ])
    expect(await run('retry-push', '--minutes', '120')).toEqual({ failed: 1, waiting: 0 })
  })

  test('maintenance refuses changes of users with the text, not of moderators, and streams go on', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const inbox = await bob.listens()
    onTestFinished(() => run('maintenance', '--end').then(() => {}))
    await run('maintenance', '--begin', 'New disks until noon.')
    await eventually(async () => {
      const refused = await refusalOf(alice.sends(id, 'hello'))
      expect(refused).toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('New disks until noon.'),
        extensions: { retryAfterMs: 30_000, retryable: true },
      })
    })
    expect((await alice.me()).id).toBeDefined()
    // As a process of its own, as an operator calls it: servers log the maintenance, a command does not.
    const { stdout, stderr } = await parlance(['admin', 'maintenance', '--json'], place())
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ maintenance: { text: 'New disks until noon.' } })
    await suspends(molly, bob, { until: new Date(Date.now() + 60_000) })
    expect((await inbox.sees('SessionEnded')).endReason).toBe('SUSPENDED')
    expect(await run('maintenance', '--end')).toEqual({ maintenance: null })
    await eventually(async () => expect((await alice.sends(id, 'hello')).id).toBeDefined())
    const entries = (await run('audit', '--last', '3')).entries as { action: string }[]
    expect(entries.map(({ action }) => action)).toEqual(['endMaintenance', 'suspendUser', 'startMaintenance'])
  })
})
