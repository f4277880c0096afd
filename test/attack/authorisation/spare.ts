import { asks, blocks } from '../../contact/verbs.ts'
import { asksToJoin } from '../../group/verbs.ts'
import type { Person } from '../../world/person.ts'
import { clubOf } from './cast.ts'
import type { Scene } from './scene.ts'

const makers = {
  club: (scene: Scene) => clubOf(scene.cast).then((id) => ({ id })),
  message: ({ cast, groupId }: Scene) => cast.vera.sends(groupId, 'hello'),
  /** Another user, who blocks the same one as vera. */
  async victim({ world, cast }: Scene) {
    const person = await world.person('victor')
    await blocks(person, cast.eve)
    return person
  },
  joinRequest: async (scene: Scene) => asksToJoin(await scene.world.person('carol'), scene.groupId),
  requestTo: async ({ world, cast }: Scene) => asks(await world.person('sam'), cast.vera),
  requestFrom: async ({ world, cast }: Scene) => asks(cast.vera, await world.person('sam')),
}

/** Objects for the calls that change them: a new one after each call that succeeded. */
export class Spare {
  readonly scene: Scene
  readonly #objects = new Map<string, Promise<{ id: string }>>()
  readonly #notes = new Map<Person, Promise<string>>()

  constructor(scene: Scene) {
    this.scene = scene
  }

  async id(kind: keyof typeof makers): Promise<string> {
    const object = this.#objects.get(kind) ?? makers[kind](this.scene)
    this.#objects.set(kind, object)
    return (await object).id
  }

  /** A group of the caller alone; a session that has ended cannot create one. */
  notesOf(caller: Person): Promise<string> {
    const made = () => caller.creates('my notes', [])
    const notes =
      this.#notes.get(caller) ??
      made()
        .then(({ id }) => id)
        .catch(() => 'group_none')
    this.#notes.set(caller, notes)
    return notes
  }

  renew(): void {
    this.#objects.clear()
  }
}
