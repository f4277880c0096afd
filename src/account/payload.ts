import { requireViewer } from '../context.ts'
import type { PayloadFields } from '../platform/graphql/mutation.ts'
import { MeType, UserType } from './refs.ts'
import { namedUser, requireAccount } from './store.ts'

// Payload fields with users that a mutation changes.

export const meField = <Result extends object>(t: PayloadFields<Result>) =>
  t.field({
    type: MeType,
    description: 'The viewer after the change.',
    resolve: (_result, _args, ctx) => requireAccount(ctx.sql, requireViewer(ctx).userId),
  })

export const userField = <Result extends { userId: string }>(t: PayloadFields<Result>) =>
  t.field({
    type: UserType,
    description: 'The user after the change.',
    resolve: ({ userId }, _args, ctx) => namedUser(ctx, userId),
  })
