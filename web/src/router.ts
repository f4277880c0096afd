import { computed, shallowRef } from 'vue'

export type Route =
  | { page: 'home' }
  /** `at` is the number of a message to show. */
  | { page: 'conversation'; id: string; at: number | null }
  | { page: 'people' }
  | { page: 'new-group' }
  | { page: 'settings' }
  | { page: 'moderation' }
  | { page: 'join'; code: string }

const path = shallowRef(location.pathname + location.search)
addEventListener('popstate', () => {
  path.value = location.pathname + location.search
})

/** The pages of the app. The server answers the same paths with the app. */
function routeOf(address: string): Route {
  const [pathname = '', query] = address.split('?')
  const [, first = '', second = ''] = pathname.split('/')
  if (first === 'c' && second) {
    const at = Number(new URLSearchParams(query).get('at'))
    return { page: 'conversation', id: decodeURIComponent(second), at: at > 0 ? at : null }
  }
  if (first === 'people') return { page: 'people' }
  if (first === 'new-group') return { page: 'new-group' }
  if (first === 'settings') return { page: 'settings' }
  if (first === 'moderation') return { page: 'moderation' }
  if (first === 'join' && second) return { page: 'join', code: decodeURIComponent(second) }
  return { page: 'home' }
}

export const route = computed(() => routeOf(path.value))

export const conversationPath = (id: string): string => `/c/${encodeURIComponent(id)}`

export function go(to: string): void {
  if (to === path.value) return
  history.pushState(null, '', to)
  path.value = to
}
