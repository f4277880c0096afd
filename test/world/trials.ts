const budgetMs = 10_000

/**
 * Repeats the trial of a race as often as asked, or as often as fits into ten seconds on a busy machine, where a fixed
 * number would exceed the time limit of the test.
 */
export async function trials(count: number, trial: (round: number) => Promise<void>): Promise<void> {
  const since = performance.now()
  for (let round = 0; round < count; round += 1) {
    await trial(round)
    if (performance.now() - since > budgetMs) return
  }
}
