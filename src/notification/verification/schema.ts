import { meField } from '../../account/payload.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { requestContactVerification, type SentVerification } from './request.ts'
import { verifyContact } from './verify.ts'

const ContactChannel = builder.enumType('ContactChannel', {
  description: 'How the server reaches a user outside the app.',
  values: {
    EMAIL: { description: 'E-mail to Me.email.' },
    SMS: { description: 'Text message to Me.phone.' },
  } as const,
})

const ContactVerificationType = builder.objectRef<SentVerification>('ContactVerification').implement({
  description: 'A code that was sent to verify an address.',
  fields: (t) => ({
    channel: t.expose('channel', { type: ContactChannel, description: 'Where the code was sent.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the code expires.' }),
  }),
})

const channel = { type: ContactChannel, required: true, description: 'The address to verify.' } as const

defineMutation('requestContactVerification', {
  description:
    'Sends a code of six digits to Me.email or Me.phone. A new code invalidates the previous one. CONFLICT if no address is set, it is already verified, or it does not accept the code; FORBIDDEN if the server cannot send to such addresses; RATE_LIMITED per user, address and country; UNAVAILABLE if sending failed.',
  errors: ['CONFLICT', 'FORBIDDEN', 'RATE_LIMITED'],
  input: inputOf('requestContactVerification', (t) => ({ channel: t.field(channel) })),
  resolve: async (input, ctx) => ({ verification: await requestContactVerification(ctx, input.channel) }),
  payload: (t) => ({
    verification: t.expose('verification', {
      type: ContactVerificationType,
      description: 'The code that was sent.',
    }),
  }),
})

defineMutation('verifyContact', {
  description:
    'Verifies Me.email or Me.phone by the code that was sent to it. Digests are sent to verified addresses only. BAD_CREDENTIALS for a wrong code; TOO_LATE if the code has expired, was replaced or used, or after five wrong codes.',
  errors: ['BAD_CREDENTIALS', 'TOO_LATE'],
  input: inputOf('verifyContact', (t) => ({
    channel: t.field(channel),
    code: t.string({ required: true, description: 'The six digits.' }),
  })),
  resolve: (input, ctx) => verifyContact(ctx, input.channel, input.code),
  payload: (t) => ({ me: meField(t) }),
})
