import { initGraphQLTada } from 'gql.tada'
import type { introspection } from '../generated/schema.d.ts'

export const graphql = initGraphQLTada<{
  introspection: introspection
  scalars: {
    DateTime: string
    JSONObject: Record<string, unknown>
    LocalTime: string
    SyncCursor: string
    TimeZone: string
    URL: string
  }
}>()
