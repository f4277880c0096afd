import { builder } from '../platform/graphql/builder.ts'
import { defineConnection } from '../platform/graphql/connection.ts'
import type { UserRow } from './store.ts'

export const UserType = builder.objectRef<UserRow>('User')

export const UserConnection = defineConnection('User', () => UserType, 'users', { counted: 'some' })

/** The viewer's private data; slices add fields to it. */
export const MeType = builder.objectRef<UserRow>('Me')
