import { argon2id, type PasswordHashing } from '../../src/auth/password/hashing.ts'

/** Argon2id at its minimum: at the production cost, the users of the tests take minutes of processor time. */
export const cheapHashing: PasswordHashing = {
  ...argon2id,
  cost: { memoryCost: 8, timeCost: 1, parallelism: 1 },
}
