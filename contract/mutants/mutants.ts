/** One change of a source: this text, which must be there, becomes that. */
export interface Patch {
  file: string
  find: string
  put: string
}

export interface Mutant {
  /** What is wrong with the server. */
  fault: string
  /** The check that must find it, as `promise check`. */
  caughtBy: string
  patches: Patch[]
  /** Faults of the run, if it needs one. */
  faults?: string[]
  /** How long the run lasts, if what it needs is rare. */
  ms?: number
}

const append = 'src/conversation/append/append.ts'
const number = 'src/conversation/append/number.ts'
const batch = 'src/message/send/batch.ts'

/** Servers with one fault each. A run that does not find it is a fault of the checker. */
export const mutants: Record<string, Mutant> = {
  'ack-without-commit': {
    fault: 'some batches of sends are acknowledged and rolled back',
    caughtBy: 'P1 lost-write',
    patches: [
      {
        file: batch,
        find: 'client.query(commitStatement(left))',
        put: "client.query(Math.random() < 0.1 && messages.length > 0 ? 'rollback' : commitStatement(left))",
      },
    ],
  },
  'keys-not-kept': {
    fault: 'keys are stored with something added, so a retry finds nothing',
    caughtBy: 'P2 duplicate',
    patches: [
      {
        file: append,
        find: 'messages.map((message) => message.clientMessageId),',
        put: "messages.map((message) => message.clientMessageId && message.clientMessageId + '.' + Math.random()),",
      },
    ],
  },
  'retry-answers-anew': {
    fault: 'a retry is answered with the time of the retry',
    caughtBy: 'P3 other-answer',
    patches: [
      {
        file: 'src/message/send/idempotency.ts',
        find: 'if (message.requestHash === request.requestHash) return message',
        put: 'if (message.requestHash === request.requestHash) return { ...message, sentAt: new Date() }',
      },
    ],
  },
  'number-left-out': {
    fault: 'a conversation sometimes leaves out a number',
    caughtBy: 'P4 hole',
    patches: [
      {
        file: number,
        find: 'conversation.maxSeq += 1',
        put: 'conversation.maxSeq += Math.random() < 0.1 ? 2 : 1',
      },
    ],
  },
  'number-taken-back': {
    fault: 'a message sometimes takes the number after the next one, which a later message then gets',
    caughtBy: 'P5 inversion',
    patches: [
      {
        file: number,
        find: 'conversation.maxSeq += 1',
        put: `const held = (globalThis as { heldBack?: Map<string, number> })
    held.heldBack ??= new Map()
    const back = held.heldBack.get(conversationId)
    const skips = back === undefined && Math.random() < 0.2
    if (skips) held.heldBack.set(conversationId, conversation.maxSeq + 1)
    else held.heldBack.delete(conversationId)
    const seq = back ?? conversation.maxSeq + (skips ? 2 : 1)
    conversation.maxSeq = Math.max(conversation.maxSeq, seq)`,
      },
      {
        file: number,
        find: 'seq: conversation.maxSeq,',
        put: 'seq,',
      },
      {
        file: append,
        find: 'set max_seq = e.seq, version',
        put: 'set max_seq = greatest(c.max_seq, e.seq), version',
      },
    ],
  },
  'error-after-commit': {
    fault: 'some sends are stored and then refused',
    caughtBy: 'P6 aborted-read',
    patches: [
      {
        file: 'src/message/send/send.ts',
        find: '  ctx.loaders.clear()\n  return message',
        put: "  if (Math.random() < 0.1) throw new (await import('../../errors.ts')).Refusal('LIMIT_EXCEEDED', 'No.')\n  ctx.loaders.clear()\n  return message",
      },
    ],
  },
  'clock-of-no-database': {
    fault: 'times come from a clock that goes back',
    caughtBy: 'P7 time-inversion',
    patches: [
      {
        file: number,
        find: 'sentAt: conversation.lastActivityAt,',
        put: 'sentAt: new Date(now.getTime() - Math.random() * 3_000),',
      },
    ],
  },
  'events-left-out': {
    fault: 'a stream leaves out a third of its events',
    caughtBy: 'P8 lost-event',
    patches: [
      {
        file: 'src/inbox/stream/stream.ts',
        find: 'const event = this.#ready.shift()\n',
        put: "if (this.#ready[0]?.body.type === 'MessagesChanged' && Math.random() < 0.4) this.#ready.shift()\n    const event = this.#ready.shift()\n",
      },
    ],
  },
  'window-not-covered': {
    fault: 'what is published while a stream catches up counts as delivered',
    caughtBy: 'P9 lost-in-the-window',
    patches: [
      {
        file: 'src/inbox/stream/source/catch-up.ts',
        find: 'if (batch.nextPosition) this.#live.passed(batch.nextPosition.streamSeq)\n',
        put: `if (!batch.nextPosition) return batch
    const streamSeq = this.#live.newest(batch.nextPosition.streamSeq)
    this.#live.passed(streamSeq)
    if (streamSeq) return { ...batch, nextPosition: { ...batch.nextPosition, streamSeq } }\n`,
      },
      {
        file: 'src/inbox/stream/source/catch-up.ts',
        find: 'this.#snapshot ??= await this.#read(this.#after)\n',
        put: `if (!this.#snapshot) {
      this.#snapshot = await this.#read(this.#after)
      await new Promise((done) => setTimeout(done, 400))
    }\n`,
      },
      {
        file: 'src/inbox/stream/source/live-changes.ts',
        find: '  has(seq: number): boolean {',
        put: `  newest(seq: number): number {
    return Math.max(seq, ...(this.#hints?.keys() ?? []))
  }

  has(seq: number): boolean {`,
      },
    ],
  },
  'tick-of-a-delivery': {
    fault: 'a stream that got a delivery of one group counts those of others up to its tick as delivered',
    caughtBy: 'P10 lost-with-its-hint',
    faults: ['bus-lost'],
    patches: [
      {
        file: 'src/inbox/position.ts',
        find: '    tick: position.tick,\n    since: position.since,\n    broadcasts: {',
        put: '    tick: Math.max(position.tick, tick),\n    since: Date.now(),\n    broadcasts: {',
      },
    ],
  },
  'hints-are-believed': {
    fault: 'a stream takes the next number that is published for the next one',
    caughtBy: 'P10 lost-with-its-hint',
    faults: ['bus-lost'],
    patches: [
      {
        file: 'src/inbox/stream/source/live-changes.ts',
        find: 'if (this.#hints.has(next)) return true\n',
        put: 'if (next) return true\n',
      },
      {
        file: 'src/inbox/stream/source/live-changes.ts',
        find: 'const streamSeq = position.streamSeq + 1\n',
        put: 'const streamSeq = Math.min(...(this.#hints?.keys() ?? []))\n',
      },
    ],
  },
  'views-kept-in-memory': {
    fault: 'a server reads a conversation once for each of its members',
    caughtBy: 'P12 stale-read',
    patches: [
      {
        file: 'src/conversation/store.ts',
        find: 'return loadView(ctx, { conversationId, userId: viewer.userId })\n',
        put: `const process = globalThis as { views?: Map<string, ReturnType<typeof loadView>> }
  process.views ??= new Map()
  const key = viewer.userId + ' ' + conversationId
  const known = process.views.get(key)
  if (known) return known
  const view = loadView(ctx, { conversationId, userId: viewer.userId })
  void view.then((found) => found && process.views?.set(key, view))
  return view\n`,
      },
    ],
  },
  'messages-not-indexed': {
    fault: 'search never learns of some messages',
    caughtBy: 'P12 not-found',
    patches: [
      {
        file: 'src/search/indexing/batch.ts',
        find: 'await search.index.apply(documents, removedIds)\n  const reached',
        put: 'await search.index.apply(documents.filter(() => Math.random() < 0.5), removedIds)\n  const reached',
      },
    ],
  },
  'member-stays': {
    fault: 'a removal is written into the log, and the member stays',
    caughtBy: 'P13 fence',
    patches: [
      {
        file: 'src/group/membership/removal.ts',
        find: `delete from membership where conversation_id = $1 and user_id = $2
    returning role::text, muted_until, last_sent_at`,
        put: 'select role::text, muted_until, last_sent_at from membership where conversation_id = $1 and user_id = $2',
      },
    ],
  },
  'member-not-checked': {
    fault: 'a send is stored whether its sender is a member or not',
    caughtBy: 'P14 sent-after-removal',
    patches: [
      {
        file: batch,
        find: `where m.conversation_id = k.conversation_id and m.user_id = k.sender_id limit 1\n  ) member)\``,
        put: `where m.conversation_id = k.conversation_id and k.sender_id is not null limit 1\n  ) member)\``,
      },
      {
        file: 'src/message/send/permission.ts',
        find: "if (!permission || permission.visibleFromSeq === null) return notFound('conversation')",
        put: "if (!permission) return notFound('conversation')",
      },
    ],
  },
  'joiner-reads-all': {
    fault: 'who joins reads what was before, whatever the group says',
    caughtBy: 'P15 history-before-joining',
    patches: [
      {
        file: 'src/group/membership/addition.ts',
        find: "case when g.history_visibility = 'ALL' then 1 else c.max_seq + 1 end",
        put: '1',
      },
    ],
  },
  'removal-is-named': {
    fault: 'a removed member learns that the conversation exists',
    caughtBy: 'P16 oracle',
    patches: [
      {
        file: batch,
        find: "if (fresh.delete(request)) outcomes.set(request, notFound('conversation'))",
        put: "if (fresh.delete(request)) outcomes.set(request, refuse('FORBIDDEN', 'No.'))",
      },
    ],
  },
  'read-position-falls': {
    fault: 'an older read position replaces a newer one',
    caughtBy: 'P17 read-regress',
    patches: [
      {
        file: 'src/message/history/mark-read.ts',
        find: 'and m.conversation_id = c.id and m.user_id = $2 and m.read_seq < s.seq',
        put: 'and m.conversation_id = c.id and m.user_id = $2',
      },
    ],
  },
  'recalled-is-unread': {
    fault: 'recalled messages count as unread',
    caughtBy: 'P18 unread-drifted',
    patches: [
      {
        file: 'src/conversation/read-count.ts',
        find: 'case when c.message_count > m.read_count then (',
        put: 'case when false then (',
      },
    ],
  },
  'removals-left-out': {
    fault: 'a stream leaves out that a member was removed',
    caughtBy: 'P19 kept-conversation',
    patches: [
      {
        file: 'src/inbox/stream/stream.ts',
        find: 'const event = this.#ready.shift()\n',
        put: "if (this.#ready[0]?.body.type === 'ConversationRemoved') this.#ready.shift()\n    const event = this.#ready.shift()\n",
      },
    ],
  },
  'recall-keeps-text': {
    fault: 'a recalled message keeps its content',
    caughtBy: 'P20 recall-leak',
    patches: [
      {
        file: 'src/message/content/plain-text.ts',
        find: 'if (message.recalledAt) return',
        put: 'if (message.recalledAt && Math.random() < 0) return',
      },
      {
        file: 'src/message/edit/erase.ts',
        find: '{ kind, content: {}, recalledById, mentions: [] }',
        put: '{ kind, content: message.content, recalledById, mentions: [] }',
      },
    ],
  },
  'quotes-by-value': {
    fault: 'a quote keeps the state of its message in which it was first read',
    caughtBy: 'P21 quote-leak',
    patches: [
      {
        file: 'src/message/schema.ts',
        find: 'quoteSeq === null ? null : readMessageAt(ctx, { conversationId, seq: quoteSeq }),',
        put: `{
        if (quoteSeq === null) return null
        const process = globalThis as { quotes?: Map<string, ReturnType<typeof readMessageAt>> }
        process.quotes ??= new Map()
        const key = conversationId + ' ' + quoteSeq
        const quote = process.quotes.get(key) ?? readMessageAt(ctx, { conversationId, seq: quoteSeq })
        process.quotes.set(key, quote)
        return quote
      },`,
      },
    ],
  },
  'edit-undoes-recall': {
    fault: 'a recalled message can be edited',
    caughtBy: 'P22 edit-after-recall',
    patches: [
      {
        file: 'src/message/edit/policy.ts',
        find: "if (message.recalledAt) return refuse('CONFLICT', 'The message was recalled.')\n",
        put: '',
      },
    ],
  },
  'edit-not-stored': {
    fault: 'some edits are acknowledged and not stored',
    caughtBy: 'P22 lost-edit',
    patches: [
      {
        file: 'src/message/edit/edit.ts',
        find: 'if (message.kind === written.kind && isDeepStrictEqual(message.content, written.content)) return message',
        put: 'if (Math.random() < 0.5) return message',
      },
    ],
  },
  'old-refresh-tokens': {
    fault: 'a refresh token of any age works',
    caughtBy: 'P23 token-reused',
    // A chain of four refreshes, all of which must be answered.
    faults: [],
    ms: 10_000,
    patches: [
      {
        file: 'src/auth/session/refresh.ts',
        find: '  if (given.hash !== family.tokenHash) return { refusal: await endReused(ctx, tx, family) }\n',
        put: '',
      },
    ],
  },
  'sessions-kept-in-memory': {
    fault: 'a server checks a session once',
    caughtBy: 'P24 revoked-session-works',
    patches: [
      {
        file: 'src/auth/session/cache.ts',
        find: 'const freshMs = 1_000',
        put: 'const freshMs = 3_600_000',
      },
      {
        file: 'src/auth/session/cache.ts',
        find: 'const invalidate = (id: string) => void known.delete(id)',
        put: 'const invalidate = (id: string) => void id',
      },
    ],
  },
  'sends-need-redis': {
    fault: 'sends are refused while Redis is away',
    caughtBy: 'P25 needless-failure',
    faults: ['redis-refuse'],
    patches: [
      {
        file: batch,
        find: '  const { hooks } = options\n',
        put: "  const { hooks } = options\n  if (!(globalThis as { busIsUp?: () => boolean }).busIsUp?.()) throw refuse('UNAVAILABLE', 'No.')\n",
      },
      {
        file: 'src/inbox/hub/hub.ts',
        find: '    const { bus, log } = services\n',
        put: '    const { bus, log } = services\n    Object.assign(globalThis, { busIsUp: () => bus.healthy })\n',
      },
    ],
  },
  'no-deadline': {
    fault: 'requests have no deadline, and some sends wait for 14 seconds',
    caughtBy: 'P26 unbounded-wait',
    patches: [
      {
        file: 'src/server/execution/executor.ts',
        find: '(deadline ? deadline.race(work, () => tooLate(run)) : work)',
        put: 'work',
      },
      {
        file: 'src/message/send/send.ts',
        find: '  // A refused request is queued too, because the queue answers retries.\n',
        put: '  if (Math.random() < 0.02) await new Promise((done) => setTimeout(done, 14_000))\n',
      },
    ],
  },
  'end-without-drain': {
    fault: 'SIGTERM ends the process at once',
    caughtBy: 'P28 close-code',
    faults: ['term'],
    patches: [
      {
        file: 'src/server/drain.ts',
        find: '  health.drain()\n',
        put: '  health.drain()\n  process.exit(0)\n',
      },
    ],
  },
}
