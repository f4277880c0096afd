import { z } from 'zod'

/** One emoji of those that Unicode recommends for general interchange, sequences and flags included. */
const oneEmoji = /^\p{RGI_Emoji}$/v

// A heart with and without the selector that makes it colourful is one heart.
const needsSelector = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu
const selector = '\ufe0f'

/** An emoji in its one full form, however the client wrote it. */
export const emojiSchema = z
  .string()
  .max(64, 'must be one emoji')
  .transform((value) => value.replaceAll(selector, '').replace(needsSelector, `$&${selector}`))
  .refine((value) => oneEmoji.test(value), 'must be one emoji')
