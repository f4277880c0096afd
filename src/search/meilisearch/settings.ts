import type { Settings } from 'meilisearch'

// Words arrive tokenised and folded, and scripts without spaces encoded. A fixed locale prevents language detection, whose
// results differ between texts and queries.
const locales = ['eng']

export const meiliSettings: Settings = {
  searchableAttributes: ['words', 'wholes', 'parts'],
  displayedAttributes: ['id', 'conversationId', 'seq', 'order', 'generation'],
  filterableAttributes: [
    {
      attributePatterns: ['conversationId', 'senderId', 'kind', 'hasLink', 'mentions'],
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
  // Each tier is a query of its own; within a tier, the latest comes first unless the query sorts.
  sortableAttributes: ['order'],
  rankingRules: ['words', 'sort', 'order:desc'],
  typoTolerance: {
    minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 },
    disableOnAttributes: ['wholes', 'parts'],
    disableOnNumbers: true,
  },
  // Messages are short, so word proximity says little, and it is the most expensive part of the index.
  proximityPrecision: 'byAttribute',
  facetSearch: false,
  stopWords: [],
}
