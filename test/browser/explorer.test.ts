import { expect, onTestFinished, test } from 'vitest'
import { revokesOthers } from '../auth/verbs.ts'
import { findChromium } from '../setup/chromium.ts'
import { perform } from '../world/client.ts'
import { Login } from '../world/operations.ts'
import { credentialsOf, Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { openBrowser } from './browser.ts'

const chromium = await findChromium()
const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone', GRAPHIQL: 'on' })

const password = 'correct horse battery'
const device = { name: 'test', platform: 'WEB' as const }

// One line: the editor would indent further lines and add closing brackets.
const signUp = `mutation SignUp { register(input: { handle: "bob", displayName: "Bob", password: "${password}" }) { accessToken user { handle } } } query Me { me { id } }`

// The button opens a menu if the document has several operations. The page updates it a moment after a change.
const button = '.graphiql-execute-button'
const [runOneOfThem, runTheOne] = [`${button}[aria-haspopup]`, `${button}:not([aria-haspopup])`]

async function signsIn(handle: string): Promise<Person> {
  const { login } = await perform(world.url, Login, { input: { handle, password, device } }, null)
  return new Person(world.url, handle, { id: login.user.id, handle }, credentialsOf(login))
}

test.skipIf(!chromium)(
  'GraphiQL works without internet: two users register, and one receives a message',
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
    await page.shows('.result-window', 'No user called bob has signed in on this page')
    await page.clicks('.graphiql-tab-button', 'Register')

    await page.clicks('.graphiql-query-editor .CodeMirror')
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
    await page.shows('.result-window', '"earlier"')

    await revokesOthers(bob)
    await page.shows('.result-window', '"stopped"')

    const elsewhere = page.asked.filter(
      (url) => !url.startsWith('data:') && new URL(url).host !== new URL(world.url).host,
    )
    expect(elsewhere).toEqual([])
    expect(page.asked.some((url) => url.startsWith('ws:'))).toBe(true)
    expect(page.faults).toEqual([])
    // The first load and the whole session after it.
    expect(page.received()).toBeGreaterThan(100_000)
    expect(page.received()).toBeLessThan(700_000)
  },
)
