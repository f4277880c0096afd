import { builder } from '../platform/graphql/builder.ts'
import type { MediaRow } from './store.ts'

export const MediaType = builder.objectRef<MediaRow>('Media')
