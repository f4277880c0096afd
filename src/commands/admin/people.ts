import type { UserRow } from '../../account/store.ts'
import { deleteUser } from '../../moderation/people/delete.ts'
import { endUserSessions } from '../../moderation/people/end-sessions.ts'
import { setPassword } from '../../moderation/people/set-password.ts'
import { restoreUser } from '../../moderation/suspension/restore.ts'
import { suspendUser } from '../../moderation/suspension/suspend.ts'
import type { Input, Run } from '../cli/command.ts'
import { UsageError } from '../cli/parse.ts'
import { type Administration, administer } from './access.ts'
import { findPerson, named } from './person.ts'

type Act = (administration: Administration, person: UserRow, input: Input) => Promise<Done>

interface Done {
  /** What was done, for people; `parlance` says to whom. */
  text: string
  /** What the JSON has besides the person. */
  more?: object
}

/** A command that acts on one user. */
const onPerson =
  (act: Act): Run =>
  (config, input, output) =>
    administer(config, input, output, async (administration) => {
      const person = await findPerson(administration.ctx, input.arguments[0])
      const { text, more } = await act(administration, person, input)
      output.result({ user: named(person), ...more }, text)
      return 0
    })

export const password = onPerson(async ({ ctx, actor }, { id, handle }) => {
  const next = await setPassword(ctx, actor, id)
  return {
    text: `The password of ${handle} is now ${next}\nAll sessions have ended. Ask the user to change the password.`,
    more: { password: next },
  }
})

export const endSessions = onPerson(async ({ ctx, actor }, { id, handle }) => {
  await endUserSessions(ctx, actor, id)
  return { text: `${handle} is signed out on all devices.` }
})

export const suspend = onPerson(async ({ ctx, actor }, { id, handle }, { values }) => {
  const until = timeOf(values.until)
  await suspendUser(ctx, actor, { userId: id, until, reason: values.reason ?? '' })
  return { text: `${handle} is suspended ${until ? `until ${until.toISOString()}` : 'until restored'}.` }
})

function timeOf(given: string | undefined): Date | null {
  if (given === undefined) return null
  const time = new Date(given)
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`--until ${given}: a time in ISO 8601, such as 2027-01-31T12:00:00Z.`)
  return time
}

export const restore = onPerson(async ({ ctx, actor }, { id, handle }) => {
  await restoreUser(ctx, actor, id)
  return { text: `${handle} may sign in.` }
})

export const deletePerson = onPerson(async ({ ctx, actor }, { id, handle }) => {
  await deleteUser(ctx, actor, id)
  return { text: `The account of ${handle} is deleted.` }
})
