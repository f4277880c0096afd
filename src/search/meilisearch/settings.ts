import type { Settings } from 'meilisearch'

// Words come cut and folded, whatever their language, and what has no spaces comes in code. So the engine must not
// guess a language from a few characters: guesses differ between a text and a query, and then nothing is found.
const locales = ['eng']

export const meiliSettings: Settings = {
  searchableAttributes: ['words', 'wholes', 'parts'],
  displayedAttributes: ['id', 'conversationId', 'seq', 'order', 'generation'],
  filterableAttributes: [
    {
      attributePatterns: ['conversationId', 'senderId', 'kind'],
      features: { facetSearch: false, filter: { equality: true, comparison: false } },
    },
    {
      attributePatterns: ['seq'],
      features: { facetSearch: false, filter: { equality: false, comparison: true } },
    },
    {
      attributePatterns: ['order'],
      features: { facetSearch: false, filter: { equality: true, comparison: true } },
    },
  ],
  localizedAttributes: [{ attributePatterns: ['*'], locales }],
  // What is the better hit is asked for separately; within that, the latest comes first.
  rankingRules: ['words', 'order:desc'],
  typoTolerance: {
    minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 },
    disableOnAttributes: ['wholes', 'parts'],
    disableOnNumbers: true,
  },
  // Messages are short: which words stand near each other says little, and costs more than all the rest.
  proximityPrecision: 'byAttribute',
  facetSearch: false,
  stopWords: [],
}
