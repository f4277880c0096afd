import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { shrinkage } from '../scripts/schema/growth.ts'
import { firstRelease, release, releasesIn } from '../scripts/schema/releases.ts'

const sdl = `
"""A time."""
scalar Time @specifiedBy(url: "https://example.org/time")

enum Colour {
  RED
}

interface Event {
  at: Time!
}

type Sent implements Event {
  at: Time!
  text: String
}

input Filter {
  colour: Colour = RED
  text: String
  since: Time!
}

input Pick @oneOf {
  id: ID
  name: String
}

type Query {
  events(filter: Filter, first: Int = 10): [Event!]!
  pick(by: Pick!): Sent
}
`

/** The schema with one text replaced by another. */
const changed = (text: string, by: string): string => {
  expect(sdl).toContain(text)
  return sdl.replace(text, by)
}

const found = (text: string, by: string) => shrinkage(buildSchema(sdl), buildSchema(changed(text, by)))

describe('a released schema may', () => {
  test.each([
    ['get a value of an enum', '  RED\n', '  RED\n  BLUE\n'],
    [
      'get a type of an interface',
      'input Filter',
      'type Edited implements Event { at: Time! }\n\ninput Filter',
    ],
    ['get a field', '  text: String\n}\n\ninput Filter', '  text: String\n  size: Int!\n}\n\ninput Filter'],
    ['get an optional argument', 'first: Int = 10', 'first: Int = 10, last: Int'],
    ['get an optional input field', '  since: Time!\n', '  since: Time!\n  until: Time\n'],
    ['make an output non-null', '  pick(by: Pick!): Sent', '  pick(by: Pick!): Sent!'],
    ['make an input optional', '  since: Time!\n', '  since: Time\n'],
    [
      'deprecate a field',
      '  text: String\n}\n\ninput',
      '  text: String @deprecated(reason: "Long.")\n}\n\ninput',
    ],
    ['describe a type in other words', 'A time.', 'An instant.'],
  ])('%s', (_name, text, by) => {
    expect(found(text, by)).toEqual([])
  })
})

describe('a released schema may not', () => {
  test.each([
    ['lose a value of an enum', '  RED\n', '  BLUE\n'],
    ['lose a field', '  text: String\n}\n\ninput Filter', '}\n\ninput Filter'],
    ['lose an argument', ', first: Int = 10', ''],
    ['take a type from an interface', 'type Sent implements Event', 'type Sent'],
    ['make an output nullable', '[Event!]!', '[Event!]'],
    ['make an argument required', 'first: Int = 10', 'first: Int!'],
    ['get a required argument', 'first: Int = 10', 'first: Int = 10, last: Int!'],
    ['get a required input field', '  since: Time!\n', '  since: Time!\n  until: Time!\n'],
    ['change the type of a field', '  text: String\n}\n\ninput Filter', '  text: ID\n}\n\ninput Filter'],
    ['change the default of an argument', 'first: Int = 10', 'first: Int = 20'],
    ['drop the default of an argument', 'first: Int = 10', 'first: Int'],
    ['drop the default of an input field', 'Colour = RED', 'Colour'],
    ['change the specification of a scalar', 'example.org/time', 'example.org/date'],
    ['take @oneOf from an input', 'input Pick @oneOf', 'input Pick'],
    [
      'make an input @oneOf',
      'input Filter {\n  colour: Colour = RED\n  text: String\n  since: Time!',
      'input Filter @oneOf {\n  colour: Colour\n  text: String\n  since: Time',
    ],
  ])('%s', (_name, text, by) => {
    expect(found(text, by)).not.toEqual([])
  })
})

describe('npm run schema:release', () => {
  let folder: string
  const version = firstRelease

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlance-releases-'))
    onTestFinished(() => rm(folder, { recursive: true }))
  })

  const releases = (text: string, as = version) => release(folder, as, text)

  test('writes the schema under its version', async () => {
    await releases(sdl)
    expect(await readdir(folder)).toEqual([`${version}.graphql`])
    expect(await readFile(join(folder, `${version}.graphql`), 'utf8')).toBe(
      `# schemaVersion ${version}\n${sdl}`,
    )
  })

  test('writes other descriptions and deprecations under the same version', async () => {
    await releases(sdl)
    const described = changed('A time.', 'An instant.').replace(
      '  RED\n',
      '  RED @deprecated(reason: "Loud.")\n',
    )
    await releases(described)
    expect(await readFile(join(folder, `${version}.graphql`), 'utf8')).toContain('An instant.')
  })

  test('refuses growth under the same version, and writes it under the next one', async () => {
    await releases(sdl)
    const grown = changed('  RED\n', '  RED\n  BLUE\n')
    await expect(releases(grown)).rejects.toThrow('increase schemaVersion')
    await releases(grown, version + 1)
    expect((await releasesIn(folder)).map((one) => one.version)).toEqual([version, version + 1])
  })

  test('refuses what breaks the clients of any release, and an earlier version', async () => {
    await releases(sdl)
    await releases(changed('  RED\n', '  RED\n  BLUE\n'), version + 1)
    await expect(releases(changed(', first: Int = 10', ''), version + 2)).rejects.toThrow(
      new RegExp(`${version}.graphql: .*first.*\\n.*${version + 1}.graphql: .*`),
    )
    await expect(releases(sdl)).rejects.toThrow('It is newer')
  })

  test('ignores versions before the first release, and refuses a file that is not its version', async () => {
    await writeFile(join(folder, '2.graphql'), '# schemaVersion 2\ntype Query { gone: Int }\n')
    await releases(sdl)
    await writeFile(join(folder, '4.graphql'), `# schemaVersion 5\n${sdl}`)
    await expect(releases(sdl, 5)).rejects.toThrow('4.graphql does not begin with its version.')
  })
})
