import { randomInt } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'

/** Six digits. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0')

/** The hash binds a code to its user and address, so that it verifies no other address. */
export const hashOf = (
  ctx: Context,
  code: { userId: string; channel: DigestChannel; address: string; code: string },
): string => ctx.auth.tokens.hashCode(JSON.stringify([code.userId, code.channel, code.address, code.code]))
