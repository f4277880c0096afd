import { builder } from '../platform/graphql/builder.ts'
import { defineConnection } from '../platform/graphql/connection.ts'
import type { UserRow } from './store.ts'

export const UserType = builder.objectRef<UserRow>('User')

export const UserConnection = defineConnection('User', () => UserType, 'users')

/** The private side of the signed-in user; every slice adds what it knows. */
export const MeType = builder.objectRef<UserRow>('Me')
