import { meets, type Row } from '../report.ts'
import { chart } from './chart.ts'

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color-scheme: light dark }
  table { border-collapse: collapse; width: 100% } td, th { padding: .3rem .6rem; border-bottom: 1px solid #8884; text-align: left }
  .missed { color: #c33 } figure { display: inline-block; margin: 1rem 1rem 1rem 0 } svg text { font-size: 11px; fill: currentColor }`

/** The results as one page without scripts: a chart for each curve, then the table. */
export function page(machine: string, rows: Row[]): string {
  const curves = new Map<string, Row[]>()
  for (const row of rows)
    if (row.point) curves.set(row.point.curve, [...(curves.get(row.point.curve) ?? []), row])
  const charts = [...curves].map(
    ([name, of]) =>
      `<figure><figcaption>${escaped(name)}</figcaption>${chart(of.flatMap(({ point }) => point ?? []))}</figure>`,
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Parlance benchmarks</title><style>${style}</style>
<h1>Parlance benchmarks</h1><p>${escaped(machine)}</p>
${charts.join('\n')}
<table><tr><th></th><th>Parlance</th><th>floor or peer</th><th>ratio</th><th>goal</th></tr>
${rows.map(line).join('\n')}
</table></html>
`
}

function line({ what, ours, floor, ratio, aim }: Row): string {
  const goal = aim === null ? '' : 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`
  const missed = aim !== null && !meets(ratio, aim)
  const cells = [what, ours, floor, ratio.toPrecision(3), goal].map((cell) => `<td>${escaped(cell)}</td>`)
  return `<tr${missed ? ' class="missed"' : ''}>${cells.join('')}</tr>`
}
