import { grantModerator, revokeModerator } from '../../moderation/moderators/appoint.ts'
import { listModerators } from '../../moderation/moderators/list.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import type { Run } from '../cli/command.ts'
import { administer } from './access.ts'
import { findPerson, named } from './person.ts'

export const moderators: Run = (config, input, output) =>
  administer(config, input, output, async ({ ctx }) => {
    const found = await listModerators(ctx.sql, config)
    const lines = found.map(
      ({ handle, displayName, by }) =>
        `${handle}, ${displayName}, by ${by === 'settings' ? 'ADMIN_HANDLES' : 'command'}`,
    )
    output.result({ moderators: found }, lines.join('\n') || 'There are no moderators.')
    return 0
  })

export const grant: Run = (config, input, output) =>
  administer(config, input, output, async ({ ctx, actor }) => {
    const person = await findPerson(ctx, input.arguments[0])
    const changed = await grantModerator(ctx, actor, person.id)
    output.result({ user: named(person), changed }, `${person.handle} is a moderator.`)
    return 0
  })

export const revoke: Run = (config, input, output) =>
  administer(config, input, output, async ({ ctx, actor }) => {
    const person = await findPerson(ctx, input.arguments[0])
    const changed = await revokeModerator(ctx, actor, person.id)
    if (config.adminHandles.includes(person.handle))
      throw new OperatorError(
        `${person.handle} is in ADMIN_HANDLES: remove the handle there, and restart the servers.`,
      )
    output.result({ user: named(person), changed }, `${person.handle} is no moderator.`)
    return 0
  })
