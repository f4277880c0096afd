import type { Slice } from '../slice.ts'
import { departures, departuresTask } from './membership/departures.ts'
import { releaseGroups } from './membership/leave-all.ts'

export const group: Slice = {
  name: 'group',
  open(core, hooks) {
    hooks.on('accountDeleted', releaseGroups(core))
    return { tasks: () => ({ [departuresTask]: departures(core) }) }
  },
}
