// node scripts/check/commit-subjects.mjs          checks the commits of this clone
// node scripts/check/commit-subjects.mjs FILE     checks the message in FILE, for the commit-msg hook

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const longest = 72

// Subjects up to this commit are older than the rule.
const base = { commit: '90cdaade5449', date: '2026-11-22T02:03:06Z' }

const [file] = process.argv.slice(2)
const subjects = file ? [subjectOf(readFileSync(file, 'utf8'))] : subjectsSinceBase()
const tooLong = subjects.filter((subject) => [...subject].length > longest)
for (const subject of tooLong)
  process.stderr.write(
    `commit subject has ${[...subject].length} characters, at most ${longest}: ${subject}\n`,
  )
process.exit(tooLong.length > 0 ? 1 : 0)

function subjectOf(message) {
  const subject = message.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
  return subject.replace(/^((fixup|squash|amend)! )+/, '')
}

// A shallow clone, or one of rewritten history, has no base commit: there the date decides. An archive has no commits at all.
function subjectsSinceBase() {
  const known = git('merge-base', '--is-ancestor', base.commit, 'HEAD') !== null
  const range = known ? [`${base.commit}..HEAD`] : [`--since-as-filter=${base.date}`, 'HEAD']
  return git('log', '--no-merges', '--format=%s', ...range)?.split('\n') ?? []
}

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}
