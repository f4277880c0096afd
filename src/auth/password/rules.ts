import { normaliseHandle } from '../../account/handle.ts'
import { text } from '../../platform/text.ts'

// The most common passwords that are long enough.
const common = new Set(
  `00000000 11111111 11223344 12121212 12341234 12344321 12345678 123123123 123456789 1234567890 123qweasd 1q2w3e4r 1q2w3e4r5t
  1qaz2wsx 5201314520 66666666 87654321 88888888 987654321 a1234567 a12345678 aa123456 aa12345678 abc12345 abcd1234 abcdefgh
  access14 admin123 administrator asdfasdf asdfghjk asdfghjkl baseball basketball changeme computer corvette dearbook football
  iloveyou internet jennifer letmein1 michelle midnight mustang1 p@ssw0rd passw0rd password password1 password12 password123
  pokemon1 princess q1w2e3r4 qazwsxedc qwer1234 qwertyui qwertyuiop qwerty12 qwerty123 starwars sunshine superman trustno1
  welcome1 whatever woaini1314 woaini520 zaq12wsx zxcvbnm1`.split(/\s+/),
)

const passwordSchema = text({ min: 8, max: 128, trim: false }).refine(
  (password) => !common.has(password.toLowerCase()),
  'is a common password; choose another',
)

/** A password that is allowed for the user with this handle. */
export function passwordFor(handle: string) {
  return passwordSchema.refine(
    (password) => normaliseHandle(password) !== normaliseHandle(handle),
    'must not be the handle',
  )
}
