import { createParlance } from '@parlance/client'

export const client = createParlance({ url: 'http://localhost:4000' })
