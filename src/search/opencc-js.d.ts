declare module 'opencc-js/dict/TSCharacters' {
  /** Pairs of a traditional and a simplified character: `後 后|麼 么`. */
  const pairs: string
  // biome-ignore lint/style/noDefaultExport: it is how the package exports it.
  export default pairs
}
