import { expect, onTestFinished, test } from 'vitest'
import { revokesOthers } from '../auth/verbs.ts'
import { findChromium } from '../setup/chromium.ts'
import { perform } from '../world/client.ts'
import { Login } from '../world/operations.ts'
import { credentialsOf, Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { openBrowser } from './browser.ts'

const chromium = await findChromium()
const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone' })

const password = 'correct horse battery'
const device = { name: 'test', platform: 'WEB' as const }

// On one line, or the editor would indent it, and close brackets that are closed.
const signUp = `mutation SignUp { register(input: { handle: "bob", displayName: "Bob", password: "${password}" }) { accessToken user { handle } } } query Me { me { id } }`

// The button opens a menu where there are several operations to run. The page takes note of a change a moment later.
const button = '.graphiql-execute-button'
const [runOneOfThem, runTheOne] = [`${button}[aria-haspopup]`, `${button}:not([aria-haspopup])`]

async function signsIn(handle: string): Promise<Person> {
  const { login } = await perform(world.url, Login, { input: { handle, password, device } }, null)
  return new Person(world.url, handle, { id: login.user.id, handle }, credentialsOf(login))
}

test.skipIf(!chromium)(
  'without internet, two people sign up in GraphiQL, and one sees a message arrive',
  {
    timeout: 120_000,
  },
  async () => {
    const browser = await openBrowser(chromium?.program ?? '')
    onTestFinished(browser.close)
    const page = await browser.open(`${world.url}/graphql`)

    await page.clicks(runOneOfThem)
    await page.clicks('[role=menuitem]', 'Register')
    await page.shows('.result-window', '"handle": "alice"')

    await page.clicks('.graphiql-tab-button', 'Inbox')
    await page.clicks(runTheOne)
    await page.shows('.result-window', 'Nobody called bob has signed in on this page')
    await page.clicks('.graphiql-tab-button', 'Register')

    await page.clicks('.graphiql-query-editor .view-lines')
    await page.writes(signUp)
    await page.shows('.graphiql-tab-button', 'SignUp')
    await page.clicks(runOneOfThem)
    await page.clicks('[role=menuitem]', 'SignUp')
    await page.shows('.result-window', '"handle": "bob"')

    await page.clicks('.graphiql-tab-button', 'Inbox')
    await page.clicks(runTheOne)
    await page.shows('.result-window', '"caughtUp": true')
    const bob = await signsIn('bob')
    const eve = await world.person('eve')
    await eve.sends((await eve.opens(bob)).id, 'hello from outside')
    await page.shows('.result-window', 'hello from outside')

    await revokesOthers(bob)
    await page.shows('.result-window', '"stopped"')

    const elsewhere = page.asked.filter(
      (url) => !url.startsWith('data:') && new URL(url).host !== new URL(world.url).host,
    )
    expect(elsewhere).toEqual([])
    expect(page.asked.some((url) => url.startsWith('ws:'))).toBe(true)
    expect(page.faults).toEqual([])
  },
)
