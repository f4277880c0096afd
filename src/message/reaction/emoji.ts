import { z } from 'zod'

/** An emoji that Unicode recommends for general interchange, including sequences and flags. */
const oneEmoji = /^\p{RGI_Emoji}$/v

// A heart with and without the variation selector for emoji presentation is the same emoji.
const needsSelector = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu
const selector = '\ufe0f'

/** An emoji, normalised to its fully qualified form. */
export const emojiSchema = z
  .string()
  .max(64, 'must be one emoji')
  .transform((value) => value.replaceAll(selector, '').replace(needsSelector, `$&${selector}`))
  .refine((value) => oneEmoji.test(value), 'must be one emoji')
