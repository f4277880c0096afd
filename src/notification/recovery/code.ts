import { randomInt } from 'node:crypto'
import type { Services } from '../../context.ts'

/** Wrong codes after which a code is invalid. */
export const triesMax = 5
export const codeLifeSeconds = 900

/** Eight digits: a new code may be requested several times a day, and each allows several guesses. */
export const newCode = (): string => String(randomInt(100_000_000)).padStart(8, '0')

/** The hash binds a code to its user and purpose. */
export const hashOf = ({ auth }: Pick<Services, 'auth'>, userId: string, code: string): string =>
  auth.tokens.hashCode(JSON.stringify(['password', userId, code]))
