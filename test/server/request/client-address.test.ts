import type { IncomingMessage } from 'node:http'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createClientAddress } from '../../../src/server/request/client-address.ts'

interface From {
  remote: string
  forwarded?: string
  host?: string
}

const seen = (trustProxy: string, { remote, forwarded, host }: From, complaints: string[] = []) => {
  const log = pino({ level: 'warn' }, { write: (line: string) => void complaints.push(line) })
  const headers = { host, ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) }
  const request = { socket: { remoteAddress: remote }, headers } as unknown as IncomingMessage
  return createClientAddress(readConfig({ TRUST_PROXY: trustProxy }), log)(request)
}

const [client, liar, edge, inner] = ['198.51.100.1', '6.6.6.6', '10.0.0.1', '10.0.0.2']

describe('the address of a client', () => {
  test('is that of the connection, whatever the headers say, unless a proxy is trusted', () => {
    const complaints: string[] = []
    expect(seen('', { remote: client, forwarded: liar }, complaints)).toBe(client)
    expect(complaints.join()).toContain('TRUST_PROXY')
    expect(seen('', { remote: '::ffff:198.51.100.1' })).toBe(client)
  })

  test.each([
    ['1', edge, client, client],
    ['1', edge, `${liar}, ${client}`, client],
    ['2', inner, `${liar}, ${client}, ${edge}`, client],
    // With more trusted proxies than there are, it is the first address of the header.
    ['3', inner, `${client}, ${edge}`, client],
    ['1', client, undefined, client],
    ['10.0.0.0/8', inner, `${liar}, ${client}, ${edge}`, client],
    ['10.0.0.1,10.0.0.2', inner, `${liar}, ${client}, ${edge}`, client],
    // The header of a client that bypasses the proxies is ignored.
    ['10.0.0.0/8', client, liar, client],
    ['10.0.0.0/8', inner, `${liar}, not an address`, inner],
    ['10.0.0.0/8', inner, `[2001:db8::1]:443`, '32.1.13.184.0.0.0.0/64'],
    ['10.0.0.0/8', inner, `${client}:51000`, client],
    ['fd00::/8', 'fd00::1', '2001:0db8:0:0::1', '32.1.13.184.0.0.0.0/64'],
  ])('TRUST_PROXY=%s, from %s, by way of %s, is %s', (trust, remote, forwarded, address) => {
    expect(seen(trust, { remote, forwarded })).toBe(address)
  })

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'without TRUST_PROXY, is the address that a proxy on this machine appended (%s)',
    (remote) => {
      const complaints: string[] = []
      expect(seen('', { remote, forwarded: `${liar}, ${client}` }, complaints)).toBe(client)
      expect(seen('', { remote, forwarded: client, host: 'chat.example' }, complaints)).toBe(client)
      expect(complaints).toEqual([])
    },
  )

  test.each(['chat.example', '192.0.2.1:80', 'localhost.example', '127.0.0.1.example'])(
    'is the same for all clients of a local proxy that forwards no address, called as %s',
    (host) => {
      const complaints: string[] = []
      expect(seen('', { remote: '127.0.0.1', host }, complaints)).toBe('127.0.0.1')
      expect(complaints.join()).toContain('X-Forwarded-For')
    },
  )

  test.each([undefined, 'localhost:4000', 'chat.localhost', '127.0.0.1:4000', '[::1]:4000'])(
    'is null for a program on this machine that calls %s',
    (host) => {
      expect(seen('', { remote: '127.0.0.1', host })).toBeNull()
      expect(seen('', { remote: '::1', host })).toBeNull()
    },
  )

  test.each(['yes', '1,2', '10.0.0.0/99', '-1'])('TRUST_PROXY=%s is refused', (trust) => {
    expect(() => readConfig({ TRUST_PROXY: trust })).toThrow(/TRUST_PROXY/)
  })
})
