export const generated = '<!-- Written by npm run codegen. -->'

export const inline = (text: string | null | undefined) =>
  (text ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|')

export const table = (head: string[], rows: string[][]) =>
  rows.length === 0
    ? []
    : [
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...rows.map((row) => `| ${row.join(' | ')} |`),
        '',
      ]
