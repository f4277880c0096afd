/**
 * Runs a check without the lock and once more under it. A caller who is refused neither takes nor waits for a lock on
 * rows of other people, so refused calls slow nobody down; the second check sees what was committed in between.
 */
export async function checkThenLock<Checked>(
  check: () => Promise<Checked>,
  lock: (checked: Checked) => Promise<unknown>,
): Promise<Checked> {
  await lock(await check())
  return check()
}
