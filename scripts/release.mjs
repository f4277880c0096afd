// npm run release -- 0.2.0   writes a version wherever one is, and dates its section of the changelog. It commits nothing.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const manifestsIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}/package.json`)

const manifests = ['package.json', 'web/package.json', ...manifestsIn('packages'), ...manifestsIn('examples')]

/** Files with the version of Parlance, and how each is written. */
const writers = new Map([
  ...manifests.map((path) => [path, inManifest]),
  ['package-lock.json', inLock],
  [
    'deploy/helm/Chart.yaml',
    (text, version) => text.replace(/^(version|appVersion): .*$/gm, `$1: ${version}`),
  ],
  ['src/server-info/version.ts', (text, version) => text.replace(/(version = ')[^']+/, `$1${version}`)],
])

export const versionedFiles = [...writers.keys()]

/** The text of a file with this version in it. */
export const withVersion = (path, text, version) => writers.get(path)(text, version)

function inManifest(text, version) {
  return text.replace(/"(version|@parlance\/[\w-]+)": "\d[^"]*"/g, `"$1": "${version}"`)
}

function inLock(text, version) {
  const lock = JSON.parse(text)
  lock.version = version
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path.includes('node_modules')) continue
    if (entry.version) entry.version = version
    for (const all of [entry.dependencies, entry.devDependencies, entry.peerDependencies])
      for (const name of Object.keys(all ?? {})) if (name.startsWith('@parlance/')) all[name] = version
  }
  return `${JSON.stringify(lock, null, 2)}\n`
}

/** The changelog with the date of a release; throws unless the version is the next one in it. */
export function dated(changelog, version, date) {
  const heading = `## ${version} – unreleased`
  if (changelog.match(/^## .*$/m)?.[0] !== heading)
    throw new Error(`The first section of CHANGELOG.md must be "${heading}".`)
  return changelog.replace(heading, `## ${version} – ${date}`)
}

function release(version) {
  const read = (path) => readFileSync(join(root, path), 'utf8')
  const changelog = dated(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10))
  for (const path of versionedFiles) writeFileSync(join(root, path), withVersion(path, read(path), version))
  writeFileSync(join(root, 'CHANGELOG.md'), changelog)
  process.stdout.write(
    `Version ${version} is written. After .ci/run:\n  git commit -am 'release: version ${version}'\n  git tag -a v${version} -m 'Parlance ${version}'\n`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , version] = process.argv
  if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) {
    process.stderr.write('Usage: npm run release -- 0.2.0\n')
    process.exit(2)
  }
  release(version)
}
