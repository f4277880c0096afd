import { expect, test } from 'vitest'
import { filesIn, read } from '../docs/documents.ts'

// URLs that clients choose are requested by the HTTP client, which allows public addresses and listed ports only. All
// other outgoing connections go to servers that the operator configures.
const configuredByOperator = [
  'src/auth/provider/provider.ts',
  'src/media/storage/s3/client.ts',
  'src/notification/provider/apns.ts',
  'src/notification/provider/email.ts',
]

const opensConnections = [
  /(?<!\.)\bfetch\(/,
  /import \{[^}]*\b(?:request|connect|get)\b[^}]*\} from 'node:(?:https?|http2|net|tls)'/,
  /createRemoteJWKSet\(/,
  /from 'nodemailer'/,
]

test('only the HTTP client and clients of configured servers open outgoing connections', () => {
  const found = filesIn('src').filter(
    (path) =>
      path.endsWith('.ts') &&
      !/generated|^src\/server\/explorer\//.test(path) &&
      opensConnections.some((pattern) => pattern.test(read(path))),
  )
  expect(found.sort()).toEqual([...configuredByOperator, 'src/platform/http-client/client.ts'].sort())
})
