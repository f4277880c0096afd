import { expect, test } from 'vitest'
import { documents, filesIn, read, sourceFolders } from './docs/documents.ts'

// docs/style.md. These words belong to no term of the field, or to a term that has a better one in docs/glossary.md.
const banned =
  /\b(whoever|somebody|nobody|told|shall|films?|a media(?! (?:item|URL|id|type))|notices?|hears?|heard|hearing)\b/gi

/** Comments, and text between quotes that has more than one word: descriptions, errors, log lines, test titles. */
function proseOf(path: string): string[] {
  const text = read(path)
  // A page says to its reader what it contains.
  if (/\.(vue|html)$/.test(path)) return [text]
  if (/\.(ts|tsx|js|mjs)$/.test(path)) {
    const parts =
      text.match(/\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g) ?? []
    return parts.filter((part) => /\s/.test(part)).map((part) => part.replace(/\$\{[^}]*\}/g, ''))
  }
  if (path.endsWith('.graphql')) return text.match(/"""[\s\S]*?"""/g) ?? []
  return text.match(/(?:\/\/|#|--\s).*/g) ?? []
}

const files = [
  ...sourceFolders.flatMap((folder) => filesIn(folder)),
  ...filesIn('.', { recursive: false }),
].filter(
  (path) =>
    !/\.(md|txt|png|jpe?g|json|svg|webp|ico|lock)$/.test(path) &&
    !/generated\/|migrations\/|node_modules\/|\bdist\//.test(path) &&
    // The frozen texts of released schemas, the license, and the words themselves.
    !/^docs\/schema\/|^LICENSE$|^test\/language\.test\.ts$/.test(path),
)

// The API describes itself from outside: "the viewer", not "me".
const firstPerson = /\b(I|my|me|mine|myself|everybody|anybody)\b/g

const found = (path: string, prose: string[]) =>
  prose.flatMap((part) =>
    [...part.matchAll(banned)].map(
      ({ index, 0: word }) =>
        `${path}: ${word}: ${part.slice(Math.max(0, index - 40), index + 40).replaceAll('\n', ' ')}`,
    ),
  )

test('documents contain no banned words', () => {
  const prose = documents.map(({ path, prose }) => ({
    path,
    text: prose.replace(/`[^`]*`|\]\([^)]*\)/g, ''),
  }))
  expect(prose.flatMap(({ path, text }) => found(path, [text]))).toEqual([])
})

test('descriptions, comments, log lines, errors and test titles contain no banned words', () => {
  expect(files.flatMap((path) => found(path, proseOf(path)))).toEqual([])
})

test('Chinese texts have the punctuation of Chinese', () => {
  const narrow = /\p{Script=Han}[,:;?!](?=[\p{Script=Han}{$])|[}`][,:;?!](?=\p{Script=Han})/gu
  const texts = files
    .filter((path) => /^(src|web|packages)\//.test(path))
    .flatMap((path) =>
      [...read(path).matchAll(narrow)].map(({ 0: text, index }) => `${path}: ${index} ${text}`),
    )
  expect(texts).toEqual([])
})

test('schema descriptions are sentences in the third person', () => {
  const descriptions = (read('schema.graphql').match(/"""[\s\S]*?"""/g) ?? []).map((text) =>
    text.slice(3, -3).trim(),
  )
  expect(descriptions.length).toBeGreaterThan(1_000)
  // Names of fields, such as me.unreadCount, are not prose.
  const prose = descriptions.map((text) => text.replace(/`[^`]*`|\b\w+\.\w+/g, ''))
  expect(prose.filter((text) => text.match(firstPerson))).toEqual([])
  expect(descriptions.filter((text) => !/[.!?)]$/.test(text) || /^[a-z]+ /.test(text))).toEqual([])
})
