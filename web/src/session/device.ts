const key = 'parlance.device'

function deviceId(): string {
  const stored = localStorage.getItem(key)
  const id = stored ?? crypto.randomUUID?.() ?? `${Math.random().toString(36).slice(2)}${Date.now()}`
  if (!stored) localStorage.setItem(key, id)
  return id
}

const browsers = { Edg: 'Edge', Firefox: 'Firefox', Chrome: 'Chrome', Safari: 'Safari' }
const systems = {
  iPhone: 'iPhone',
  iPad: 'iPad',
  Android: 'Android',
  Windows: 'Windows',
  Mac: 'macOS',
  Linux: 'Linux',
}

/** This browser, as the list of devices shows it. A new sign-in on it replaces its session. */
export function thisDevice(agent: string = navigator.userAgent) {
  const find = (names: Record<string, string>) =>
    Object.entries(names).find(([sign]) => agent.includes(sign))?.[1]
  const name = [find(browsers) ?? 'Web', find(systems)].filter(Boolean).join(' · ')
  return { id: deviceId(), name, platform: 'WEB' as const }
}
