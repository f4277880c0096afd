/**
 * Runs a check without the lock, then again under it. A refused caller neither takes nor waits for a lock on the rows of
 * other users, so refused calls cannot slow them down. The second check sees what was committed in between.
 */
export async function checkThenLock<Checked>(
  check: () => Promise<Checked>,
  lock: (checked: Checked) => Promise<unknown>,
): Promise<Checked> {
  await lock(await check())
  return check()
}
