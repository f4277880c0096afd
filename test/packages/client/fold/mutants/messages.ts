import { type Mutant, network, writing } from './mutant.ts'

const quoting: Mutant['verbs'] = [...network, 'send', 'quote', 'recall', 'edit', 'message', 'message']

/** The rules of messages.ts. */
export const messages: Mutant[] = [
  {
    rule: 'an older copy of a message replaces nothing',
    from: 'present.version > message.version',
    to: 'false',
    verbs: writing,
    seed: 13,
  },
  {
    rule: 'a held message keeps the viewer’s reactions',
    from: 'before.get(reaction.emoji)?.reactedByMe ??',
    to: '',
    verbs: writing,
    seed: 1,
  },
  {
    rule: 'reactions of an event are fetched',
    from: 'unsure.push(message.id)',
    to: 'sure.push(message.id)',
    verbs: writing,
    seed: 7,
  },
  {
    rule: 'a quote follows the message that it quotes',
    from: 'messages: withQuotes(messages)',
    to: 'messages',
    verbs: quoting,
  },
  {
    rule: 'a quote has the current name of its sender',
    from: '&& senderName === quote.senderName',
    to: '',
    verbs: [...quoting, 'renamePerson'],
    seed: 3,
  },
  {
    rule: 'a late copy of a message keeps the newer quote',
    from: 'before.version > quote.version',
    to: 'false',
    verbs: ['send', 'quote', 'react', 'list', 'reload', 'advance'],
  },
]
