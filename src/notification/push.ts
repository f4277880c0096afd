import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { PushProvider as ProviderName } from '../platform/db/generated/enums.ts'
import { createHttpClient } from '../platform/http-client/client.ts'
import type { Metrics } from '../platform/metrics.ts'
import { createApns } from './provider/apns.ts'
import { createMailer, type Mailer } from './provider/email.ts'
import { createFcm } from './provider/fcm.ts'
import { createGateway, type Gateway } from './provider/gateway.ts'
import type { PushProvider, SendResult } from './provider/provider.ts'
import { createWebPush } from './provider/web-push.ts'
import { openTemplates, type Templates } from './text/templates.ts'

/** What this server can reach people with who are away. */
export interface Push {
  providers: ReadonlyMap<ProviderName, PushProvider>
  mailer: Mailer | null
  /** Text messages leave through it. */
  gateway: Gateway | null
  templates: Templates
  /** Whether there is anything to push with. */
  enabled: boolean
  /** A provider has answered, or not. */
  count(provider: ProviderName, outcome: SendResult['outcome']): void
  close(): void
}

/** Opens what the settings enable; with none, nothing is ever marked for push. */
export async function openPush(config: Config, log: Logger, metrics: Metrics): Promise<Push> {
  const {
    webPush,
    apns,
    fcm,
    gateway: gatewaySettings,
    mail,
    allowPrivate,
    ports,
    templatesFile,
  } = config.push
  const timeoutMs = config.limits.pushTimeoutMs
  // Where a browser's subscription leads is the client's choice; every other address is the operator's.
  const toBrowsers = () => createHttpClient({ timeoutMs, allowPrivate, ports })
  const toOthers = () => createHttpClient({ timeoutMs, allowPrivate: true })

  const gateway = gatewaySettings ? createGateway(gatewaySettings, toOthers()) : null
  const providers = new Map<ProviderName, PushProvider>()
  if (apns) providers.set('APNS', await createApns(apns, timeoutMs))
  if (fcm) providers.set('FCM', await createFcm(fcm, toOthers()))
  if (webPush) providers.set('WEB_PUSH', createWebPush(webPush, toBrowsers(), log))
  if (gateway) providers.set('WEBHOOK', gateway)
  const mailer = mail ? createMailer(mail, timeoutMs) : null

  const answers = metrics.counter('push_answers_total', 'Answers of push providers to notices.', [
    'provider',
    'outcome',
  ])

  const names = [...providers.keys(), ...(mailer ? ['EMAIL'] : [])]
  if (names.length > 0) log.info({ providers: names }, 'people who are away are pushed')
  else log.info('no push provider is set up: people who are away are not reached')
  return {
    providers,
    mailer,
    gateway,
    templates: await openTemplates(templatesFile),
    enabled: names.length > 0,
    count: (provider, outcome) => answers.inc({ provider, outcome }),
    close() {
      for (const provider of providers.values()) provider.close()
      mailer?.close()
    },
  }
}
