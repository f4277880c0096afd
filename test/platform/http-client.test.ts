import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { createHttpClient, publicLookup } from '../../src/platform/http-client/client.ts'
import { isPrivateAddress, isPrivateHost } from '../../src/platform/http-client/private-addresses.ts'
import { createReceiver } from '../notification/servers/receiver.ts'
import { useResolver } from '../world/resolver.ts'

const publicAddresses = [
  { address: '93.184.215.14', family: 4 },
  { address: '2606:2800:21f:cb07:6820:80da:af6b:8b2c', family: 6 },
]

// A public name that resolves to this machine too, as an attacker could set up, and one that does not.
useResolver((host) =>
  host === 'public.example' ? publicAddresses : [...publicAddresses, { address: '127.0.0.1', family: 4 }],
)

const receiver = await createReceiver(() => ({ status: 200, body: 'x'.repeat(100_000) }))
afterAll(() => receiver.close())

function httpClient(allowPrivate: boolean) {
  const made = createHttpClient({ timeoutMs: 20_000, allowPrivate, tracing: null })
  onTestFinished(() => made.close())
  return made
}

const nothing = { headers: {}, body: '{}' }

describe('the HTTP client', () => {
  test('reads only the beginning of a long response', async () => {
    const { status, text } = await httpClient(true).post(receiver.url, nothing)
    expect(status).toBe(200)
    expect(text).toHaveLength(16_384)
  })

  test('follows no redirect', async () => {
    receiver.replies.push({ status: 302, headers: { location: `${receiver.url}/elsewhere` } })
    expect((await httpClient(true).post(receiver.url, nothing)).status).toBe(302)
    expect(receiver.received.map(({ path }) => path)).not.toContain('/elsewhere')
  })

  test('refuses private addresses and local names', async () => {
    const port = new URL(receiver.url).port
    const before = receiver.received.length
    for (const host of ['127.0.0.1', '[::1]', 'localhost', '127.1', '0x7f.1', 'intranet'])
      await expect(httpClient(false).post(`http://${host}:${port}/`, nothing)).rejects.toThrow()
    expect(receiver.received).toHaveLength(before)
  })

  test('refuses ports that are not allowed', async () => {
    const made = createHttpClient({
      timeoutMs: 20_000,
      allowPrivate: false,
      ports: [443, 8443],
      tracing: null,
    })
    onTestFinished(() => made.close())
    for (const place of ['http://rebinding.example', 'https://rebinding.example:22'])
      await expect(made.post(`${place}/`, nothing)).rejects.toThrow(/^Port (80|22) is not allowed/)
    for (const place of ['https://rebinding.example', 'https://rebinding.example:8443'])
      await expect(made.post(`${place}/`, nothing)).rejects.toMatchObject({ name: 'PrivateAddressError' })
  })

  test.each([true, false])(
    'refuses a name of which one address is private (lookup with all: %s)',
    async (all) => {
      const error = await new Promise((resolve) => publicLookup('rebinding.example', { all }, resolve))
      expect(error).toMatchObject({ name: 'PrivateAddressError' })
    },
  )

  test('resolves a name of which every address is public', async () => {
    const resolved = (all: boolean) =>
      new Promise((resolve) => publicLookup('public.example', { all }, (...answer) => resolve(answer)))
    expect(await resolved(true)).toEqual([null, publicAddresses])
    expect(await resolved(false)).toEqual([null, '93.184.215.14', 4])
  })

  test.each(['http', 'https'])('refuses a name with a private address in a URL of %s', async (protocol) => {
    const before = receiver.received.length
    const url = `${protocol}://rebinding.example:${new URL(receiver.url).port}/`
    await expect(httpClient(false).post(url, nothing)).rejects.toMatchObject({ name: 'PrivateAddressError' })
    expect(receiver.received).toHaveLength(before)
  })
})

test.each([
  ['127.0.0.1', true],
  ['10.255.0.1', true],
  ['172.16.0.1', true],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['0.0.0.0', true],
  ['224.0.0.1', true],
  ['::1', true],
  ['[fd00::1]', true],
  ['fe80::1', true],
  ['::ffff:192.168.0.1', true],
  ['[::7f00:1]', true],
  ['64:ff9b::7f00:1', true],
  ['2002:7f00:1::', true],
  ['4000::1', true],
  ['93.184.215.14', false],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', false],
])('%s is a private address: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected)
  expect(isPrivateHost(address)).toBe(expected)
})
