import type { Slice } from '../slice.ts'
import { departureAnnouncer, departureTask } from './membership/departures.ts'
import { leaveAllGroups } from './membership/leave-all.ts'

export const group: Slice = {
  name: 'group',
  open(core, hooks) {
    hooks.on('accountDeleted', leaveAllGroups(core))
    return { tasks: () => ({ [departureTask]: departureAnnouncer(core) }) }
  },
}
