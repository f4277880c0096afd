declare module 'opencc-js/dict/TSCharacters' {
  /** Pairs of a traditional and a simplified character: `後 后|麼 么`. */
  const pairs: string
  // biome-ignore lint/style/noDefaultExport: it is how the package exports it.
  export default pairs
}

declare module 'opencc-js/dict/JPShinjitaiCharacters' {
  /** Pairs of a new and an old form of Japan: `図 圖|検 檢`. */
  const pairs: string
  // biome-ignore lint/style/noDefaultExport: it is how the package exports it.
  export default pairs
}
