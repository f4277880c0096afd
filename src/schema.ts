import type { GraphQLSchema } from 'graphql'
import './platform/graphql/scalars.ts'
import './account/schema.ts'
import './auth/schema.ts'
import './media/schema.ts'
import './conversation/schema.ts'
import './contact/schema.ts'
import './group/schema.ts'
import './group/announcement-schema.ts'
import './group/invite-schema.ts'
import './group/join-schema.ts'
import './message/schema.ts'
import './message/history-schema.ts'
import './message/reaction-schema.ts'
import './inbox/schema.ts'
import './search/schema.ts'
import './notification/schema.ts'
import './moderation/schema.ts'
import './server-info/schema.ts'
import { builder } from './platform/graphql/builder.ts'

export function buildSchema(): GraphQLSchema {
  return builder.toSchema()
}
