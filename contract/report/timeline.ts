import { historyOf } from '../check/model.ts'
import type { Finding } from '../check/verdict.ts'
import type { Line } from '../history.ts'

const width = 1_400
const rowHeight = 14
const colours: Record<string, string> = { ok: '#2a7', fail: '#d93', info: '#c33' }

const safe = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** One page without scripts: faults as bands, the operations of each user as ticks, anomalies as lines. */
export function timelineOf(lines: Line[], findings: Finding[]): string {
  const { operations, troubles } = historyOf(lines)
  const begin = lines[0]?.t ?? 0
  const end = lines.at(-1)?.t ?? begin + 1
  const x = (t: number) => (((Math.min(t, end) - begin) / (end - begin)) * width).toFixed(1)
  const users = [...new Set(operations.map(({ user }) => user))].sort()
  const names = [...new Set(troubles.map(({ name }) => name))].sort()
  const height = (users.length + names.length + 2) * rowHeight
  const bands = troubles.map(({ name, begin: from, end: until, server }) => {
    const y = names.indexOf(name) * rowHeight
    const title = `${name}${server === null ? '' : ` of server ${server}`}`
    return `<rect x="${x(from)}" y="${y}" width="${Math.max(2, Number(x(until)) - Number(x(from)))}" height="${rowHeight - 2}" fill="#88a"><title>${safe(title)}</title></rect>`
  })
  const ticks = operations.map(({ user, begin: from, end: until, result, f, code }) => {
    const y = (names.length + users.indexOf(user) + 1) * rowHeight
    const long = Math.max(1, Number(x(until)) - Number(x(from)))
    return `<rect x="${x(from)}" y="${y}" width="${long}" height="${rowHeight - 3}" fill="${colours[result]}"><title>${safe(`${f} ${code ?? 'ok'}`)}</title></rect>`
  })
  const marks = findings.flatMap(({ promise, anomalies }) =>
    anomalies.flatMap(({ t, check, detail }) =>
      t === undefined || !Number.isFinite(t)
        ? []
        : [
            `<line x1="${x(t)}" x2="${x(t)}" y1="0" y2="${height}" stroke="#f00"><title>${safe(`${promise} ${check}: ${detail}`)}</title></line>`,
          ],
    ),
  )
  const labels = [...names, '', ...users].map(
    (name, row) => `<text x="${width + 6}" y="${(row + 1) * rowHeight - 4}">${safe(name)}</text>`,
  )
  const rows = findings.map(
    ({ promise, examined, anomalies }) =>
      `<tr><td>${promise}</td><td>${examined}</td><td>${anomalies.length}</td><td>${safe(anomalies[0]?.detail ?? '')}</td></tr>`,
  )
  return `<!doctype html><meta charset="utf-8"><title>Contract run</title>
<style>body{font:13px sans-serif}text{font-size:11px}td,th{padding:2px 10px;text-align:left}</style>
<h1>${((end - begin) / 1_000).toFixed(0)} s, ${operations.length} operations, ${troubles.length} faults</h1>
<svg width="${width + 120}" height="${height}">${[...bands, ...ticks, ...marks, ...labels].join('')}</svg>
<table><tr><th>promise</th><th>examined</th><th>anomalies</th><th>first</th></tr>${rows.join('')}</table>
`
}
