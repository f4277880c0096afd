import { z } from 'zod'
import { createAccount } from '../../account/create.ts'
import { handleSchema, skeletonOf } from '../../account/handle.ts'
import { loadUser, type UserRow } from '../../account/store.ts'
import { displayNameSchema, emailSchema } from '../../account/update-profile.ts'
import type { Context } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { isUniqueViolation } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import type { RateLimitUse } from '../../platform/rate-limit/rate-limits.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { passwordFor } from '../password/rules.ts'
import { type DeviceInput, deviceSchema, type SignedIn, signIn, startSession } from '../session/start.ts'

export interface RegisterInput {
  handle: string
  password: string
  displayName: string
  email?: string | null
  device?: DeviceInput | null
}

const inputSchema = (handle: string, adminHandles: readonly string[]) =>
  z.object({
    handle: handleSchema(adminHandles),
    password: passwordFor(handle),
    displayName: displayNameSchema,
    email: emailSchema.nullish(),
    device: deviceSchema.nullish(),
  })

/** Creates an account and signs its first device in. */
export async function register(ctx: Context, input: RegisterInput): Promise<SignedIn> {
  if (ctx.config.registration === 'closed')
    throw refuse('FORBIDDEN', 'Registration is closed on this server.')
  const schema = inputSchema(input.handle, ctx.config.adminHandles)
  const { handle, password, displayName, email, device } = check(schema, input, 'input')
  await limitRegistrations(ctx, device?.id)
  if (await isTaken(ctx, handle)) throw handleTaken()
  const passwordHash = await ctx.auth.passwords.hash(password)

  const id = newId()
  const started = await withTransaction(ctx, async (tx) => {
    await createAccount(ctx, tx, { id, handle, displayName, email: email || null, passwordHash })
    return startSession(ctx, tx, id, device)
  }).catch((error: unknown) => {
    throw isUniqueViolation(error) ? handleTaken() : error
  })

  return signIn(ctx, (await loadUser(ctx, id)) as UserRow, started)
}

// A refused registration counts too; otherwise trying handles would reveal which exist.
async function limitRegistrations(
  { rateLimits, config, viewerAddress }: Context,
  deviceId: string | null | undefined,
): Promise<void> {
  // Scripts on this machine may create many accounts, possibly with one device id.
  if (viewerAddress === null) return
  const { registrationsPerHour, registrationsPerHourPerDevice } = config.limits
  const seconds = 3_600
  const counted: RateLimitUse[] = [
    [{ name: 'registrations', points: registrationsPerHour, seconds }, viewerAddress],
  ]
  if (deviceId)
    counted.push([
      { name: 'registrations-per-device', points: registrationsPerHourPerDevice, seconds },
      deviceId,
    ])
  await rateLimits.consume(...counted)
}

// Saves the cost of hashing; the unique indexes decide.
async function isTaken({ sql }: Context, handle: string): Promise<boolean> {
  const taken = await sql.query(`select from "user" where handle = $1 or handle_skeleton = $2`, [
    handle,
    skeletonOf(handle),
  ])
  return taken.length > 0
}

function handleTaken() {
  const message = 'is taken or too similar to an existing handle'
  return refuse('CONFLICT', `The handle ${message}.`, { issues: [{ path: 'input.handle', message }] })
}
