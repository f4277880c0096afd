/**
 * The subscriber no longer sees what an event is about. The event is dropped, so clients never receive this error; the
 * event of the removal follows.
 */
export class SubjectGone extends Error {
  constructor() {
    super('The subject of the event is gone.')
    this.name = 'SubjectGone'
  }
}
