import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { codeLifeSeconds } from './code.ts'
import { requestPasswordReset } from './request.ts'
import { resetPassword } from './reset.ts'

const handle = { required: true, description: 'The handle; case-insensitive.' } as const

defineMutation('requestPasswordReset', {
  description:
    'Mails a code of eight digits for a new password to the verified e-mail address of an account, without signing in. The answer is the same whether there is such an account and address. A new code invalidates the previous one. FORBIDDEN if the server sends no mail; RATE_LIMITED per client address and account.',
  errors: ['FORBIDDEN', 'RATE_LIMITED'],
  input: inputOf('requestPasswordReset', (t) => ({ handle: t.string(handle) })),
  resolve: async (input, ctx) => {
    await requestPasswordReset(ctx, input.handle)
    return { seconds: codeLifeSeconds }
  },
  payload: (t) => ({
    codeLifeSeconds: t.exposeInt('seconds', { description: 'Seconds for which a code is valid.' }),
  }),
})

defineMutation('resetPassword', {
  description:
    'Sets a new password by a mailed code, without signing in, and ends all sessions as PASSWORD_CHANGED; sign in with it afterwards. BAD_CREDENTIALS for a code that is wrong, used, replaced or expired, or after five wrong ones; INVALID_INPUT for a password that is not allowed; RATE_LIMITED per client address; UNAVAILABLE under too many sign-ins at once.',
  errors: ['BAD_CREDENTIALS', 'INVALID_INPUT', 'RATE_LIMITED'],
  input: inputOf('resetPassword', (t) => ({
    handle: t.string(handle),
    code: t.string({ required: true, description: 'The eight digits.' }),
    password: t.string({ required: true, description: 'The new password, by the rules of `register`.' }),
  })),
  resolve: async (input, ctx) => {
    await resetPassword(ctx, input)
    return { handle: input.handle }
  },
  payload: (t) => ({
    handle: t.exposeString('handle', { description: 'The handle to sign in with, as it was given.' }),
  }),
})
