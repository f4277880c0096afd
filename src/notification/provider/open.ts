import type { Core } from '../../context.ts'
import type { PushProvider as ProviderName } from '../../platform/db/generated/enums.ts'
import { createHttpClient } from '../../platform/http-client/client.ts'
import { openTemplates, type Templates } from '../text/templates.ts'
import { createApns } from './apns.ts'
import { createMailer, type Mailer } from './email.ts'
import { createFcm } from './fcm.ts'
import { createGateway, type Gateway } from './gateway.ts'
import type { PushProvider, SendResult } from './provider.ts'
import { createWebPush } from './web-push.ts'

/** The configured push providers. */
export interface Push {
  providers: ReadonlyMap<ProviderName, PushProvider>
  mailer: Mailer | null
  /** Sends text messages, besides being the provider WEBHOOK. */
  gateway: Gateway | null
  templates: Templates
  /** Whether any provider or mail server is configured. */
  enabled: boolean
  /** Counts the outcome of a request to a provider. */
  count(provider: ProviderName, outcome: SendResult['outcome']): void
  close(): void
}

/** Opens the configured providers. */
export async function openPush({
  config,
  log,
  metrics,
  tracing,
}: Pick<Core, 'config' | 'log' | 'metrics' | 'tracing'>): Promise<Push> {
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
  // The client chooses the address of a browser’s push service, so it gets no traceparent; all others are the operator’s.
  const toBrowsers = () => createHttpClient({ timeoutMs, allowPrivate, ports, tracing: null })
  const toOthers = () => createHttpClient({ timeoutMs, allowPrivate: true, tracing })

  const gateway = gatewaySettings ? createGateway(gatewaySettings, toOthers()) : null
  const providers = new Map<ProviderName, PushProvider>()
  if (apns) providers.set('APNS', await createApns(apns, timeoutMs))
  if (fcm) providers.set('FCM', await createFcm(fcm, toOthers()))
  if (webPush) providers.set('WEB_PUSH', createWebPush(webPush, toBrowsers(), log))
  if (gateway) providers.set('WEBHOOK', gateway)
  const mailer = mail ? createMailer(mail, timeoutMs) : null

  const outcomes = metrics.counter('push_answers_total', 'Outcomes of requests to push providers.', [
    'provider',
    'outcome',
  ])

  const names = [...providers.keys(), ...(mailer ? ['EMAIL'] : [])]
  if (names.length > 0) log.info({ providers: names }, 'push enabled')
  else log.info('push disabled, no provider is configured')
  return {
    providers,
    mailer,
    gateway,
    templates: await openTemplates(templatesFile),
    enabled: names.length > 0,
    count: (provider, outcome) => outcomes.inc({ provider, outcome }),
    close() {
      for (const provider of providers.values()) provider.close()
      mailer?.close()
    },
  }
}
