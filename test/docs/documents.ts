import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')
export const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** The files in a folder and, by default, below it, as paths of the repository. */
export function filesIn(folder: string, { recursive = true } = {}): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

export interface Document {
  path: string
  /** As a reader sees it: without fenced code and comments. */
  prose: string
  /** What stands in backticks. */
  spans: string[]
  /** `file` is the path that the line above a block names. */
  blocks: { language: string; code: string; file?: string }[]
  anchors: Set<string>
  links: string[]
}

const fence = /(?<=^`([\w./-]+)`:\n\n|)^ *```(\w*)\n([\s\S]*?)^ *```$/gm

/** The folders of the repository with sources, whatever their language. */
export const sourceFolders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(node_modules|\.git|\.build|dist|data)$/.test(entry.name))
  .map(({ name }) => name)

/** Every document that a visitor reads. */
export const documents: Document[] = [
  ...filesIn('.', { recursive: false }),
  ...sourceFolders.flatMap((folder) => filesIn(folder)),
]
  .filter((path) => path.endsWith('.md') && !/\b(node_modules|dist)\//.test(path))
  .map(readDocument)

function readDocument(path: string): Document {
  const text = read(path)
  const prose = text.replace(fence, '').replace(/<!--[\s\S]*?-->/g, '')
  return {
    path,
    prose,
    spans: [...prose.matchAll(/`([^`]+)`/g)].map(([, span]) => span as string),
    blocks: [...text.matchAll(fence)].map(([, file, language = '', code = '']) => ({ language, code, file })),
    anchors: anchorsOf(prose),
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string),
  }
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(prose: string): Set<string> {
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading as string)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- _]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}
