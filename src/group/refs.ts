import { builder } from '../platform/graphql/builder.ts'
import type { AnnouncementRow } from './announcement/store.ts'
import type { JoinRequestRow } from './join-request-store.ts'

export const AnnouncementType = builder.objectRef<AnnouncementRow>('Announcement')

export const GroupJoinRequestType = builder.objectRef<JoinRequestRow>('GroupJoinRequest')
