import { startNameFolding } from '../conversation/fold-names.ts'
import type { Slice } from '../slice.ts'
import { deleteContacts } from './delete-all.ts'
import { contactIds } from './store.ts'

export const contact: Slice = {
  name: 'contact',
  open(_core, hooks) {
    hooks.on('accountDeleted', deleteContacts)
    hooks.on('observersOf', contactIds)
    return { workers: async ({ pool, log }) => startNameFolding({ pool, log }) }
  },
}
