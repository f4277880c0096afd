import type { Point } from '../report.ts'

const width = 420
const height = 240
const left = 60
const bottom = 30
const top = 12
const right = 12

/** A curve of Parlance and one of its floor as SVG; sizes on a logarithmic axis, values from zero. */
export function chart(points: Point[]): string {
  const sizes = points.map(({ x }) => x)
  const [low, high] = [Math.log(Math.min(...sizes)), Math.log(Math.max(...sizes))]
  const most = Math.max(...points.flatMap(({ ours, floor }) => [ours, floor]))
  const xOf = (size: number) =>
    left + (high === low ? 0.5 : (Math.log(size) - low) / (high - low)) * (width - left - right)
  const yOf = (value: number) => height - bottom - (value / most) * (height - bottom - top)
  const lineOf = (key: 'ours' | 'floor', colour: string) => {
    const places = points.map((point) => `${xOf(point.x).toFixed(1)},${yOf(point[key]).toFixed(1)}`)
    const dots = places.map((place) => {
      const [cx, cy] = place.split(',')
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`
    })
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.join(' ')}"/>${dots.join('')}`
  }
  const label = (x: number, y: number, text: string, anchor: string) =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${text}</text>`
  const [first] = points
  const rows = [0, most / 2, most].map((value) =>
    label(left - 6, yOf(value) + 4, `${short(value)} ${first?.unit ?? ''}`, 'end'),
  )
  const columns = points.map(({ x }) => label(xOf(x), height - 12, short(x), 'middle'))
  return `<svg width="${width}" height="${height}" role="img">
<line x1="${left}" y1="${height - bottom}" x2="${width - right}" y2="${height - bottom}" stroke="currentColor"/>
${rows.join('')}${columns.join('')}${label(width - right, height - 1, first?.sizes ?? '', 'end')}
${lineOf('floor', '#999')}${lineOf('ours', '#2a6fdb')}
${label(left + 8, top + 8, 'blue: Parlance, grey: floor', 'start')}</svg>`
}

const short = (value: number): string =>
  value >= 10_000 ? `${Math.round(value / 1_000)}k` : String(Number(value.toPrecision(3)))
